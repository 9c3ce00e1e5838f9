/* The table of commands: their names, arguments, options, and words of help. */
#include "cli/cli.h"

enum { ANY = 1 << 20 };

#define RESTS "source= cite= denies unknown credibility= compartment="
#define RESTS_ARGS                                                                             \
	"[--source S] [--cite ITEM[:START-END]] [--denies | --unknown] [--credibility N]"      \
	" [--compartment C]"

const struct cmd commands[] = {
	/* the mechanism and its keys */
	{ "init", "DIR [--name N] [--database URL]", "make a mechanism", "name= database=", 1,
	    1, init_run,
	    "Makes keys, log, vault and database in DIR, which must be missing or empty. N is the"
	    " mechanism's name and, where it can be, its log's (spaces become '-'). URL is"
	    " postgresql://USER@HOST/DATABASE; without it everything lies in DIR.",
	    NULL },
	{ "unlock", "[--for 8h]", "hold the key in memory for a time", "for= passphrase-fd=", 0,
	    0, unlock_run,
	    "Asks for the passphrase. The time is 90s, 15m, 8h or 7d; after it the key is"
	    " forgotten.",
	    NULL },
	{ "lock", "", "forget the key", "", 0, 0, lock_run,
	    "Needs a key that has a passphrase: see vigil help key.", NULL },
	{ "key", "[seal]", "show the log's verifier key, or seal the mechanism's key",
	    "passphrase-fd=", 0, 1, key_run,
	    "Without a word: the key that outsiders check receipts and the published log with (a"
	    " C2SP signed-note vkey). seal: puts a passphrase on the mechanism's key, or changes"
	    " it.",
	    "seal" },
	{ "person", "add NAME | list", "people who can approve an erasure", "passphrase-fd=", 1,
	    2, person_run, "Each person chooses a passphrase that nobody else knows.",
	    "add list" },
	{ "login",
	    "add | give | take | close | passphrase NAME [--role R]"
	    " | invite NAME [--role R,R] [--days N] [--origin URL] | withdraw NAME"
	    " | factor remove NAME | require | free --role R | list | invitations"
	    " | token add LOGIN NAME [--scope S] [--for 90d] | token end LOGIN NAME | token list LOGIN",
	    "who may sign in at the desk", "role= scope= for= passphrase-fd= days= origin=", 1,
	    4, login_run,
	    "add: a new name, with a first role and a passphrase. give and take: a role more or less."
	    " close: nobody signs in under the name any more. R is submitter, analyst, reviewer,"
	    " coordinator, protection or administrator. invite: a link to hand over; who opens it"
	    " chooses the passphrase. Without --role: a new passphrase for a login that is there."
	    " withdraw: the link ends. factor remove: takes away app, keys and recovery codes of"
	    " somebody who lost them. require, free: who has the role must have a second step, or no"
	    " longer. token add: prints a word by which a program works"
	    " as that login, through the API of the desk; S is read, write, give, or more of them with"
	    " commas between (read, unless said otherwise).",
	    "add give take close passphrase invite withdraw factor require free list invitations token" },
	{ "settings", "[NAME [VALUE | default]]", "limits of what is read, to see or to change",
	    "", 0, 2, settings_run,
	    "How many files are read at once, and what reading one may take. They hold from the next command"
	    " on, for all who use the mechanism. docs/limits.md has all limits.",
	    NULL },
	{ "compartment", "add NAME ACTOR | remove NAME ACTOR",
	    "who may see what is confidential", "", 3, 3, compartment_run,
	    "Claims in a compartment are seen by its members only; others are told how many were"
	    " withheld. ACTOR is a name of the operating system's user. Only members let others in"
	    " and out. A compartment is made by letting the first one in: members of \"founders\" do,"
	    " where whoever made the mechanism is.",
	    "add remove" },

	/* material */
	{ "add",
	    "PATH... [--source S] [--via CHANNEL] [--consent C] [--note N] [--compartment NAME]",
	    "preserve files and folders", "source= via= consent= note= compartment=", 1, ANY,
	    add_run,
	    "PATH is a file, a folder (with all below it; symbolic links in it are not followed)"
	    " or - for the standard input. Each file is an acquisition of an item; bytes that are"
	    " there already become one more acquisition of the same item. C is what the source"
	    " allowed: \"purpose=...; recipients=...; conditions=...; obtained_by=...; how=...;"
	    " language=...; until=2027-12-31\", any of these, or @FILE with one a line. What comes into a"
	    " compartment is there for its members alone; and what is found in it.",
	    NULL },
	{ "extract", "ID... | --all | --failed | --type T  [--password-file F]",
	    "extract texts again", "all failed type= password-file=", 0, ANY, extract_run,
	    "Each item gets a new text; older ones stay, because claims may cite them. --failed: whose newest"
	    " extraction failed, or was never made (a crash). T: a media type, such as application/zip. The"
	    " first line of F (- is the standard input) is the password that encrypted items are tried with,"
	    " and what comes out of them. It is kept nowhere. An item that is named and"
	    " cannot be extracted makes the command fail, with 4 if it is encrypted, else 2; with --all,"
	    " --failed and --type only the sums tell.",
	    NULL },
	{ "find", "QUERY [--records | --texts] [--limit N]", "search records and texts",
	    "records texts limit= labels=", 1, ANY, find_run,
	    "Words, \"phrases\", prefix*, AND OR NOT, parentheses, lang:ug type:text/html"
	    " type:letter source:NAME after:2020-06 before:2021. Case and accents do not matter;"
	    " a Latin word also finds what is written in another script and sounds like it. A NOT"
	    " needs something to be taken from. Up to N records come first, then up to N texts.",
	    NULL },
	{ "list", "[TYPE [CONDITION...]] [--columns P,P] [--count] [--as-of T]",
	    "all items, or records of a type", "as-of= columns= count labels=", 0, ANY,
	    list_run,
	    "A CONDITION is PROP=VALUE; also != < <= > >= (in quotes), \"PROP=\" (has none) and"
	    " \"PROP=*\" (has any). A term stands for the narrower ones too, a date for all within"
	    " it; what is before a date is so for sure; a place has that name, or one that begins with"
	    " its words, or lies within '4.36,18.55 ~2km'. PROP leads over links, treaty.short=CAT, and"
	    " back over those that lead here, explanations.kind=...; vigil type TYPE lists"
	    " properties.\nvigil list ratification treaty.short=CAT 'date<=1995' --count",
	    NULL },
	{ "show", "ID | RECORD [--as-of T] [--labels LANG]",
	    "an item, or a record with its claims", "as-of= labels=", 1, 1, show_run,
	    "ID is an item's number, id or SHA-256, an acquisition's or a text's id, or enough of"
	    " one. RECORD is a record's id, or what it is named by. T is a day (EDTF) or #INDEX of"
	    " an entry: the state after it. Labels come in the language of the environment"
	    " (LC_MESSAGES, LANG), or in LANG, such as fr or pt-BR; types, type, list, find, history, due,"
	    " cooperation, timeline and letter roster take --labels, too.",
	    NULL },
	{ "text", "ID [--anchors | --main | --translation L]",
	    "an item's newest text, or the text named",
	    "anchors main translation= language=", 1, 1, text_run,
	    "--anchors: where its passages stand in the document: bytes of the text, then page,"
	    " sheet and cell, slide, message and the like. --main: of a web page the main text, without"
	    " what stands around it (navigation, links); of other items all. --translation L (or"
	    " --language L): the newest translation into that language.",
	    NULL },
	{ "translation",
	    "add ID FILE --language L --by P [--status S] [--reviser R] [--of TEXT]"
	    " | status TEXT S [--reviser R] [--reason WHY] | list [ID]",
	    "texts of items in other languages",
	    "language= by= status= reviser= of= reason=", 1, 3, translation_run,
	    "FILE is plain text (- is the standard input) and translates the item's newest text, or TEXT. S is"
	    " machine, draft (if it is not told), revised or certified: it moves on only, and from revised on"
	    " there is a reviser. Passages are aligned to those of the original, so that a citation of words"
	    " of a translation (--cite TEXT:words) cites both. Translations are found by vigil find.",
	    "add status list" },
	{ "access", "ID | RECORD", "who may see it, and why", "", 1, 1, access_run,
	    "Told of what you see of it yourself. Opening what is in a compartment (show, history, text, cat,"
	    " picture, find) is an entry, once a day for each person and thing, which its members see.",
	    NULL },
	{ "cat", "ID", "an item's exact bytes", "", 1, 1, cat_run, NULL, NULL },
	{ "picture", "ID [--page N | --time T] [--size PIXELS] [-o FILE]",
	    "a picture, page or frame, made safe to look at", "page= time= size= output=", 1, 1,
	    picture_run,
	    "The item's picture, a page of its PDF, or its video at a time (0:01:02.5), decoded where it can do no harm and encoded anew, as PNG or"
	    " JPEG: upright, no side longer than PIXELS (2000), and nothing in it but what is seen.",
	    NULL },
	{ "erase", "ID --reason R | --approve N  [--as NAME]",
	    "erase an acquisition or item; two people",
	    "reason= approve= as= passphrase-fd=", 0, 1, erase_run,
	    "One person proposes, which makes entry N; another person approves it. Each gives"
	    " their own passphrase. Only with an item's last acquisition do its bytes and texts"
	    " go. Not undoable.",
	    NULL },
	{ "hold", "ID [--reason R] [--embargo]", "forbid erasing an item", "reason= embargo", 1,
	    1, hold_run,
	    "With --embargo nothing that rests on it leaves either, until vigil release.",
	    NULL },
	{ "release", "ID [--reason R]", "end all holds of an item", "reason=", 1, 1,
	    release_run, NULL, NULL },
	{ "copy", "ID --of ID [--reason R] | ID --undo", "an item is a copy of another one",
	    "of= undo reason=", 1, 1, copy_run,
	    "A reprint, a forward, a screenshot. Statements that rest on copies of one item have"
	    " one origin: vigil corroborate counts them once.",
	    NULL },
	{ "graphic", "ID [--reason R] [--undo]", "what an item shows may hurt: blur it",
	    "reason= undo", 1, 1, graphic_run,
	    "The desk says so wherever the item is listed, and blurs its pictures and pages until somebody asks to see them.",
	    NULL },
	{ "consent", "withdraw ID [--reason R]", "stop the use of an item or acquisition",
	    "reason=", 2, 2, consent_run,
	    "Find, text and cat then leave an item out whose every acquisition is withdrawn, and"
	    " nothing that rests on it leaves. Nothing is erased. What was given before is listed,"
	    " to be called back.",
	    "withdraw" },

	{ "given", "[ID | RECORD] [--to R]", "what left, to whom and what for", "to=", 0, 1,
	    given_run, "Of an item or a record: what rested on it, or told of it.", NULL },

	/* records and claims */
	{ "types", "[--vocabularies]", "the types of records", "vocabularies labels=", 0, 0,
	    types_run, NULL, NULL },
	{ "type", "T", "a type, or a vocabulary: its properties, its terms", "labels=", 1, 1,
	    type_run, NULL, NULL },
	{ "schema", "add FILE | list | show FILE",
	    "the mechanism's own types, terms and procedures", "as-of=", 1, 2, schema_run,
	    "docs/formats/schema.md has the form of FILE. A file of the same name takes the place"
	    " of the one before; what records and claims rest on is not taken away. list names the"
	    " files that were added, show prints one.",
	    "add list show" },
	{ "new", "TYPE [PROP=VALUE...] " RESTS_ARGS, "make a record, with its first claims",
	    RESTS, 1, ANY, new_run,
	    "S says it: a record's id or name, or a new name, which becomes a source. ITEM:words"
	    " cites these words, which must stand in the item's text once, or else in one of its translations;"
	    " in place of ITEM may stand the id of a text or translation.",
	    NULL },
	{ "claim", "RECORD PROP=VALUE... " RESTS_ARGS, "claim something of a record", RESTS, 2,
	    ANY, claim_run,
	    "What was claimed before stays: contradictions stand side by side. Credibility is 1"
	    " (confirmed) to 5 (improbable), or 6 (cannot be judged).",
	    NULL },
	{ "withdraw", "CLAIM... --reason R", "withdraw claims of a record", "reason=", 1, ANY,
	    withdraw_run, "The claims stay in the record's history.", NULL },
	{ "history", "RECORD [--as-of T]", "a record with what was withdrawn",
	    "as-of= labels=", 1, 1, history_run, NULL, NULL },
	{ "same", "RECORD RECORD [--reason R] " RESTS_ARGS, "two records are one",
	    RESTS " reason=", 2, 2, same_run, "A claim like any other: vigil split undoes it.",
	    NULL },
	{ "split", "RECORD RECORD [--reason R]", "they are not", "reason=", 2, 2, split_run,
	    NULL, NULL },

	{ "import",
	    "csv|ftm|uwazi|esf|table FILE|ITEM [PROP=VALUE...] [--type T] [--mapping M] [--map M]"
	    " [--dry-run] [--strict] [--source S] [--compartment C] [--credibility N]",
	    "records out of a table that others made",
	    "type= mapping= map= dry-run strict source= compartment= credibility= via= consent= note=",
	    2, ANY, import_run,
	    "FILE is preserved first, as vigil add does; every claim cites it. Columns are found by the"
	    " names and labels of T's properties, or by a mapping; PROP=VALUE holds for all rows. What the"
	    " same source said before is updated, not doubled, where a row has a key of its type or the file"
	    " is the same; a property of many values gains those of the row, and loses none. A row that"
	    " fails is named, with all that is wrong with it, and stops nothing else, but the exit code is"
	    " 2 then; with --strict nothing is imported. --dry-run tells what would happen to each row, and"
	    " writes nothing. Uwazi's templates are types by name or label: --type T is for all of them,"
	    " --type TEMPLATE=T,... for some. table takes rows from the text of an ITEM that is preserved already:"
	    " of its tables, or of its numbered paragraphs, as --map says (upr-matrix, upr-report); every claim"
	    " cites its cell or paragraph. docs/import.md has the rest.",
	    "csv ftm uwazi esf table" },

	{ "export",
	    "csv|ftm|jsonl|esf [TYPE [PROP=VALUE...] | RECORD | QUERY] [--to R] [--purpose P]"
	    " [--as-of T] [-o FILE] [--for-spreadsheets]",
	    "records for others, as far as consent goes",
	    "to= purpose= as-of= output= for-spreadsheets", 1, ANY, export_run,
	    "R and P are names with commas between: what consent does not allow them is withheld and"
	    " counted; without --to it is for the mechanism's own people. csv is one table of what"
	    " is asserted; jsonl has every claim; ftm is FollowTheMoney; esf the Events Standard"
	    " Formats in a ZIP. Each export is recorded (vigil given). The standard output has the"
	    " records alone, with --json too: the summary goes to the standard error, as one JSON"
	    " object then. --for-spreadsheets: no cell is taken for a formula. docs/export.md and docs/consent.md say all of it.",
	    "csv ftm jsonl esf" },

	/* dealings: what was asked, and what came of it */
	{ "move",
	    "RECORD STATE [--on DATE] [--source S] [--cite ITEM[:START-END]] [--reason R]",
	    "a procedure's step", "source= cite= credibility= compartment= on= reason=", 2, 2,
	    move_run,
	    "Only a listed move is made: a refusal lists those there are. Without DATE: today."
	    " vigil type T shows a type's procedure. A role's members are those of the"
	    " compartment of that name; while it has none, anybody may.",
	    NULL },
	{ "due", "[--within 30d | --all]", "what is overdue, and what is due",
	    "within= all as-of= labels=", 0, 0, due_run,
	    "The time is 90s, 15m, 8h or 7d; without it 30 days. --all: whatever is awaited, also"
	    " without a term. What may be overdue, because a day is not known well enough, says so.",
	    NULL },
	{ "cooperation", "STATE [--from D] [--to D] [--with STATES] [--records]",
	    "a State's cooperation record", "from= to= with= records as-of= labels=", 1, 1,
	    cooperation_run,
	    "STATE is an ISO 3166-1 alpha-3 code or any name; D a date (EDTF). --with STATES (codes or names, commas between):"
	    " how often these voted alike. --records: what each figure was counted from."
	    " Each section says how it was counted.",
	    NULL },
	{ "agreement", "STATE STATE [--from D] [--to D]",
	    "how often two States voted alike, by year", "from= to= as-of=", 2, 2,
	    agreement_run, NULL, NULL },
	{ "timeline", "RECORD | STATE [--from D] [--to D]",
	    "ask and answer in one line of time", "from= to= as-of= labels=", 1, 1,
	    timeline_run,
	    "Each line has its claim, who says it, and what that cites. What was said in public"
	    " stands there and stops no clock. What has no day stands last.",
	    NULL },
	{ "letter",
	    "open LETTER | open PROP=VALUE... [--closes D] | endorse LETTER --organisation N"
	    " --country C --by P [--role R] | import-endorsements LETTER FILE | close LETTER | roster LETTER [--to R] [--purpose P] | withdraw LETTER"
	    " ORGANISATION | decide A B --same|--different  [--on D]",
	    "letters that are signed on to",
	    RESTS
	    " organisation= country= by= role= on= closes= reason= same different dry-run strict"
	    " to= purpose= as-of= labels=",
	    1, ANY, letter_run,
	    "The organisation is public; P and R are for the compartment \"representatives\". The"
	    " roster counts each organisation once: names that may be one are shown for a person"
	    " to decide, and count once until then. A letter that was closed takes no more. With"
	    " --to or --purpose the roster leaves: it obeys consent, names nobody who asked not to"
	    " be named, and is recorded (vigil given).",
	    "open endorse import-endorsements close roster withdraw decide" },
	{ "case", "CASE [--to R] [--purpose P] [--as-of T]",
	    "what stands for and against each element of a case", "to= purpose= as-of=", 1, 1,
	    case_run,
	    "CASE is an id, a reference or a title. Under each legal element that its crimes and"
	    " its proofs (vigil type element_proof) need: claims for and against with source and"
	    " passage, what is marked as exculpatory, and gaps: no claim for it stands."
	    " docs/cases.md tells how elements are chosen. With --to or --purpose what is shown"
	    " leaves: it obeys consent, and is recorded (vigil given).",
	    NULL },
	{ "finding",
	    "propose WORDS [--standard S] [--for CLAIMS] [--against CLAIMS] [--reasons R] [--state S]"
	    " [--party P] [--case C] | notify F --respond-by D | not-notified F --reason R |"
	    " response F [--says WORDS] [--cite ITEM[:START-END]] | unanswered F | recuse F"
	    " --interest I | review F | adopt F | reject F --reasons R | show F [--to R]"
	    " [--purpose P]  [--party P | --state S] [--on D]",
	    "what reviewers conclude from claims",
	    "standard= for= against= reasons= state= party= case= respond-by= reason= says="
	    " interest= on= " RESTS " to= purpose= as-of=",
	    2, 2, finding_run,
	    "CLAIMS are names with commas between: c12.0,c14.3. Two reviewers, neither its author"
	    " nor recused, review what it says now; after a change they review it again. Whoever it"
	    " is against is asked first (notify, after a current risk assessment about the finding:"
	    " activity=F), and answers (response) or lets the time run out (unanswered); or a reason"
	    " is logged why it is not asked (not-notified: a risk to any person is reason enough)."
	    " Without --party or --state all parties are meant. With --to or --purpose what is shown"
	    " leaves: it obeys consent, and is recorded (vigil given).",
	    "propose notify not-notified response unanswered recuse review adopt reject show" },
	{ "disclosure",
	    "propose REQUEST ITEM... --to R --purpose P --conditions C | approve DISCLOSURE --out"
	    " DIR | write DISCLOSURE --out DIR  [--as NAME]",
	    "items for one recipient, by two people",
	    "to= purpose= conditions= out= as= passphrase-fd=", 2, ANY, disclosure_run,
	    "One person proposes: the list is frozen and signed; what may not be given to R for P is"
	    " left out and counted. Another person approves: the list must be what it was. Then the"
	    " items, the signed list and receipts lie in DIR, and the request is disclosed. write"
	    " makes the folder once more. docs/consent.md has the rules.",
	    "propose approve write" },
	{ "corroborate", "CLAIM", "how many origins a statement has", "as-of=", 1, 1,
	    corroborate_run,
	    "Sources that repeat, copy or are controlled by one another count once.", NULL },

	/* the log, and proof */
	{ "log", "[--from N] [--limit N]", "entries, newest last", "from= limit=", 0, 0,
	    log_run, "Without --from the last N (50).", NULL },
	{ "receipt", "INDEX [--with-body] | --check FILE [--key VKEY]",
	    "a proof that an entry is in the log; or check one", "with-body check= key=", 0, 1,
	    receipt_run,
	    "A receipt proves without the mechanism that the entry is in the log. With its body it"
	    " also tells what the entry says: owning that can incriminate. Checking works offline;"
	    " VKEY is what vigil key shows, had from somebody you trust.",
	    NULL },
	{ "publish", "log DIR [--hashes-only]", "publish the log for outsiders to verify",
	    "hashes-only", 2, 2, publish_run,
	    "Writes DIR/checkpoint and DIR/tile/... (C2SP tlog-tiles) for any static web server."
	    " Entries tell only a day. Running it again only adds.",
	    "log" },
	{ "serve",
	    "[--listen ADDRESS:PORT] [--certificate FILE --key FILE] [--behind-proxy] [--origin URL] [--rate N] [--patience S] [--watch ADDRESS:PORT] | --list | --openapi",
	    "open the desk: the mechanism in a browser",
	    "listen= certificate= key= behind-proxy origin= rate= patience= watch= list openapi",
	    0, 0, serve_run,
	    "Without --listen at 127.0.0.1:8080, for this machine alone. Whoever signs in needs a login: see"
	    " vigil help login. With certificate and key (PEM) it speaks TLS; --behind-proxy: a proxy of"
	    " yours does, and says who asks (X-Forwarded-For). URL: where browsers have it,"
	    " https://desk.example; security keys are made for that name. An address may ask N times a second (20), and ten"
	    " times as often in a short while; 0: as often as it likes. A connection may say nothing for S seconds (60). --watch: /metrics and /healthz are"
	    " told there, without signing in. SIGTERM ends it once what is under way is"
	    " done. --list: every address of the desk, and who may use it. --openapi: what describes"
	    " its API.",
	    NULL },
	{ "verify", "", "check log, bodies, objects, tables and index", "", 0, 0, verify_run,
	    "Names each fault; exit code 0 only if all is well, 5 if not.", NULL },
	{ "rebuild", "", "make all tables anew from the log", "", 0, 0, rebuild_run, NULL,
	    NULL },
	{ "help", "[COMMAND]", "this help, or a command's", "man bash-completion", 0, 1,
	    help_run, NULL, NULL },
};
const size_t n_commands = LEN(commands);
