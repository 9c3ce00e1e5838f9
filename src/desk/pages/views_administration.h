/* What the pages of administration show: limits, the mechanism's own schema, disclosures, what a copy needs (views.h). */
#ifndef DESK_PAGES_VIEWS_ADMINISTRATION_H
#define DESK_PAGES_VIEWS_ADMINISTRATION_H

#include "desk/pages/views.h"
#include "desk/pages/views_claiming.h"

struct setting_row {
	const char *setting, *name, *meaning; /* setting: as it is typed; in words */
	uint64_t value, usual, low, high;
	const char *command; /* that sets it, on the command line */
	const char *refused; /* what was just typed, and is not taken; NULL: nothing was */
};
struct setting_change_row {
	uint64_t entry, value, was;
	moment time;
	const char *name, *actor;
};
struct settings_page {
	struct frame frame;
	const struct setting_row *rows;
	size_t n_rows;
	const struct setting_change_row *changes; /* the newest first */
	size_t n_changes;
};

struct schema_file_row {
	const char *file;
	uint64_t entry, bytes;
	const char *types, *vocabularies; /* that it adds, with commas between; NULL: none */
};
struct schema_files_page {
	struct frame frame;
	const struct schema_file_row *rows;
	size_t n_rows;
};
struct schema_file_page {
	struct frame frame;
	const char *file, *text;
	uint64_t entry;
};
struct schema_difference_row {
	bool added, gone; /* neither: changed */
	const char *type; /* NULL: a vocabulary */
	const char *name; /* of a property or vocabulary; NULL: the type itself */
};
struct left_open_row {
	const char *type, *property, *compartment;
	uint64_t claims; /* earlier ones, which stay open */
};
struct schema_draft_page {
	struct frame frame;
	const char *file, *text;
	bool replaces;       /* a file of that name */
	const char *problem; /* what the reader says: line, what, what to do; NULL: none */
	uint64_t line;       /* 0: none */
	const char *line_text;
	uint64_t seen; /* the newest entry that changed the schema */
	const struct schema_difference_row *differences;
	size_t n_differences;
	const struct left_open_row *left_open;
	size_t n_left_open;
};

struct disclosed_item_row {
	const char *item, *address;
	uint64_t bytes;
	const char *conditions; /* NULL: none */
};
struct disclosure_row {
	const char *disclosure, *address;
	uint64_t entry, withheld;
	const char *request_address, *recipient, *purpose, *conditions;
	const char *proposed_by, *approved_by; /* NULL: not approved yet */
	const char *sha256;
	const struct disclosed_item_row *items;
	size_t n_items;
};
struct disclosures_page {
	struct frame frame;
	const struct disclosure_row *rows;
	size_t n_rows;
	const struct option *requests; /* that were granted */
	size_t n_requests;
	const struct option *people; /* who sign with a passphrase of their own */
	size_t n_people;
};

struct backup_page {
	struct frame frame;
	bool server;              /* the database is a PostgreSQL one */
	const char *folder, *key; /* paths on the machine that serves */
	const char
	    *database; /* the schema that holds the tables; NULL: SQLite, in the folder */
	const char *checkpoint; /* the file of the last checkpoint seen */
	const char *dump_command, *copy_command,
	    *verify_command; /* dump_command: NULL for SQLite */
	uint64_t vault_files, vault_bytes, database_bytes, index_bytes, entries;
	moment verified; /* 0: never from here */
	uint64_t faults;
	bool failed; /* the last check could not be carried through */
};

#endif
