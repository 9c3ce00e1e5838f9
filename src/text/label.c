/* Names of encodings: the labels of the WHATWG Encoding Standard (and UTF-32, which it does
 * not have), and the converter of ICU that decodes as the standard says. Labels that the
 * standard maps to "replacement", and x-user-defined, name no encoding here. */
#include <string.h>
#include <strings.h>

#include "text/private.h"

const struct encoding encodings[] = {
	{ "UTF-8", NULL },
	{ "UTF-16LE", NULL },
	{ "UTF-16BE", NULL },
	{ "UTF-32LE", NULL },
	{ "UTF-32BE", NULL },
	{ "IBM866", "ibm-866_P100-1995" },
	{ "ISO-8859-2", "ibm-912_P100-1995" },
	{ "ISO-8859-3", "ibm-913_P100-2000" },
	{ "ISO-8859-4", "ibm-914_P100-1995" },
	{ "ISO-8859-5", "ibm-915_P100-1995" },
	{ "ISO-8859-6", "ibm-1089_P100-1995" },
	{ "ISO-8859-7", "ibm-9005_X110-2007" },
	{ "ISO-8859-8", "ibm-5012_P100-1999" },
	{ "ISO-8859-8-I", "ibm-5012_P100-1999" },
	{ "ISO-8859-10", "iso-8859_10-1998" },
	{ "ISO-8859-13", "ibm-921_P100-1995" },
	{ "ISO-8859-14", "iso-8859_14-1998" },
	{ "ISO-8859-15", "ibm-923_P100-1998" },
	{ "ISO-8859-16", NULL },
	{ "KOI8-R", "ibm-878_P100-1996" },
	{ "KOI8-U", "ibm-1168_P100-2002" },
	{ "macintosh", "macos-0_2-10.2" },
	{ "windows-874", "windows-874-2000" },
	{ "windows-1250", "ibm-5346_P100-1998" },
	{ "windows-1251", "ibm-5347_P100-1998" },
	{ "windows-1252", "ibm-5348_P100-1997" },
	{ "windows-1253", "ibm-5349_P100-1998" },
	{ "windows-1254", "ibm-5350_P100-1998" },
	{ "windows-1255", "ibm-9447_P100-2002" },
	{ "windows-1256", "ibm-9448_X100-2005" },
	{ "windows-1257", "ibm-9449_P100-2002" },
	{ "windows-1258", "ibm-5354_P100-1998" },
	{ "x-mac-cyrillic", "macos-7_3-10.2" },
	{ "GBK", "gb18030" }, /* as the standard: the one decoder reads both */
	{ "gb18030", "gb18030" },
	{ "Big5", "ibm-1375_P100-2008" },
	{ "EUC-JP", "euc-jp-2007" },
	{ "ISO-2022-JP", "ISO_2022,locale=ja,version=0" },
	{ "Shift_JIS", "ibm-943_P15A-2003" }, /* windows-31j */
	{ "EUC-KR", "windows-949-2000" },
};
const size_t n_encodings = LEN(encodings);

/* Labels beside the names themselves; each list begins and ends with a space. */
static const struct {
	const char *name, *labels;
} aliases[] = {
	{ "UTF-8", " unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf8 x-unicode20utf8 " },
	{ "UTF-16LE", " csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16 " },
	{ "UTF-16BE", " unicodefffe " },
	{ "UTF-32LE", " utf-32 " },
	{ "IBM866", " 866 cp866 csibm866 " },
	{ "ISO-8859-2",
	    " csisolatin2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 "
	    "iso_8859-2:1987 l2 latin2 " },
	{ "ISO-8859-3",
	    " csisolatin3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 "
	    "iso_8859-3:1988 l3 latin3 " },
	{ "ISO-8859-4",
	    " csisolatin4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 "
	    "iso_8859-4:1988 l4 latin4 " },
	{ "ISO-8859-5",
	    " csisolatincyrillic cyrillic iso-ir-144 iso8859-5 iso88595 "
	    "iso_8859-5 iso_8859-5:1988 " },
	{ "ISO-8859-6",
	    " arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 "
	    "iso-8859-6-e iso-8859-6-i iso-ir-127 iso8859-6 iso88596 iso_8859-6 "
	    "iso_8859-6:1987 " },
	{ "ISO-8859-7",
	    " csisolatingreek ecma-118 elot_928 greek greek8 iso-ir-126 iso8859-7 "
	    "iso88597 iso_8859-7 iso_8859-7:1987 sun_eu_greek " },
	{ "ISO-8859-8",
	    " csiso88598e csisolatinhebrew hebrew iso-8859-8-e iso-ir-138 iso8859-8 "
	    "iso88598 iso_8859-8 iso_8859-8:1988 visual " },
	{ "ISO-8859-8-I", " csiso88598i logical " },
	{ "ISO-8859-10", " csisolatin6 iso-ir-157 iso8859-10 iso885910 l6 latin6 " },
	{ "ISO-8859-13", " iso8859-13 iso885913 " },
	{ "ISO-8859-14", " iso8859-14 iso885914 " },
	{ "ISO-8859-15", " csisolatin9 iso8859-15 iso885915 iso_8859-15 l9 " },
	{ "KOI8-R", " cskoi8r koi koi8 koi8_r " },
	{ "KOI8-U", " koi8-ru " },
	{ "macintosh", " csmacintosh mac x-mac-roman " },
	{ "windows-874", " dos-874 iso-8859-11 iso8859-11 iso885911 tis-620 " },
	{ "windows-1250", " cp1250 x-cp1250 " },
	{ "windows-1251", " cp1251 x-cp1251 " },
	{ "windows-1252",
	    " ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 "
	    "iso-ir-100 iso8859-1 iso88591 iso_8859-1 iso_8859-1:1987 l1 latin1 "
	    "us-ascii x-cp1252 " },
	{ "windows-1253", " cp1253 x-cp1253 " },
	{ "windows-1254",
	    " cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 "
	    "iso_8859-9 iso_8859-9:1989 l5 latin5 x-cp1254 " },
	{ "windows-1255", " cp1255 x-cp1255 " },
	{ "windows-1256", " cp1256 x-cp1256 " },
	{ "windows-1257", " cp1257 x-cp1257 " },
	{ "windows-1258", " cp1258 x-cp1258 " },
	{ "x-mac-cyrillic", " x-mac-ukrainian " },
	{ "GBK",
	    " chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 iso-ir-58 x-gbk " },
	{ "Big5", " big5-hkscs cn-big5 csbig5 x-x-big5 " },
	{ "EUC-JP", " cseucpkdfmtjapanese x-euc-jp " },
	{ "ISO-2022-JP", " csiso2022jp " },
	{ "Shift_JIS", " csshiftjis ms932 ms_kanji shift-jis sjis windows-31j x-sjis " },
	{ "EUC-KR",
	    " cseuckr csksc56011987 iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 "
	    "ksc5601 ksc_5601 windows-949 " },
};

const struct encoding *
encoding_get(const char *name)
{
	for (size_t i = 0; i < n_encodings; i++)
		if (!strcasecmp(encodings[i].name, name))
			return &encodings[i];
	return NULL;
}

const struct encoding *
encoding_of_label(const char *label, size_t n)
{
	char spaced[48], *name = spaced + 1;

	/* The standard's ASCII white space around a label means nothing. */
	while (n && strchr("\t\n\f\r ", label[n - 1]))
		n--;
	while (n && strchr("\t\n\f\r ", *label)) {
		label++;
		n--;
	}
	if (!n || n + 3 > sizeof spaced || memchr(label, ' ', n) || memchr(label, 0, n))
		return NULL;
	spaced[0] = ' ';
	for (size_t i = 0; i < n; i++)
		name[i] = (char)(label[i] >= 'A' && label[i] <= 'Z' ? label[i] | 32 : label[i]);
	name[n] = 0;
	if (encoding_get(name))
		return encoding_get(name);
	name[n] = ' ';
	name[n + 1] = 0;
	for (size_t i = 0; i < LEN(aliases); i++)
		if (strstr(aliases[i].labels, spaced))
			return encoding_get(aliases[i].name);
	return NULL;
}
