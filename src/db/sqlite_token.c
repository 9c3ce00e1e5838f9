/* The SQLite driver: FTS5's tokenizer "vigil", which asks the room that breaks text. */
#include "db/sqlite_private.h"

struct tokenizer {
	int (*break_text)(void *arg, const char *text, size_t n, db_token_fn fn, void *out);
	void *arg;
};

struct sink {
	void *ctx;
	int (*token)(void *ctx, int flags, const char *term, int n, int start, int end);
};

/* Nothing asks FTS5 for offsets: the search room finds its passages itself. */
static int
give(void *out, const char *term, size_t n, bool same_place)
{
	struct sink *s = out;

	return s->token(s->ctx, same_place ? FTS5_TOKEN_COLOCATED : 0, term, (int)n, 0, 0);
}

static int
create(void *arg, const char **args, int n_args, Fts5Tokenizer **ret)
{
	(void)args, (void)n_args;
	*ret = arg;
	return SQLITE_OK;
}

static void delete (Fts5Tokenizer *t)
{
	(void)t; /* the connection's own */
}

static int
tokenize(Fts5Tokenizer *t, void *ctx, int flags, const char *text, int n,
    int (*token)(void *, int, const char *, int, int, int))
{
	const struct tokenizer *mine = (const struct tokenizer *)t;
	struct sink s = { ctx, token };

	(void)flags;
	return mine->break_text(mine->arg, text ? text : "", text ? (size_t)n : 0, give, &s);
}

/* vigil_times(table, from): how often the phrases of the query stand in the row, ending at the
 * place `from` (counted from 0) or after it. */
static void
count_times(const Fts5ExtensionApi *api, Fts5Context *fts, sqlite3_context *ctx, int n_values,
    sqlite3_value **values)
{
	int from = n_values == 1 ? sqlite3_value_int(values[0]) : 0, n = 0, times = 0;
	int rc = api->xInstCount(fts, &n);

	for (int i = 0; i < n && rc == SQLITE_OK; i++) {
		int phrase = 0, column = 0, place = 0;

		rc = api->xInst(fts, i, &phrase, &column, &place);
		times += place + api->xPhraseSize(fts, phrase) > from;
	}
	if (rc == SQLITE_OK)
		sqlite3_result_int(ctx, times);
	else
		sqlite3_result_error_code(ctx, rc);
}

static fts5_api *
find_fts5(struct lite *l)
{
	fts5_api *api = NULL;
	sqlite3_stmt *s = NULL;

	if (!sqlite3_prepare_v2(l->c, "SELECT fts5(?1)", -1, &s, NULL)) {
		sqlite3_bind_pointer(s, 1, &api, "fts5_api_ptr", NULL);
		sqlite3_step(s);
	}
	sqlite3_finalize(s);
	return api;
}

bool
db_set_tokenizer(struct db *db,
    int (*break_text)(void *arg, const char *text, size_t n, db_token_fn fn, void *out),
    void *arg, struct err *e)
{
	static fts5_tokenizer hooks = { create, delete, tokenize };
	struct lite *l = db->lite;
	fts5_api *api;

	if (!l)
		return true; /* PostgreSQL is given terms, not text */
	api = find_fts5(l);
	if (!api)
		return err_set(e, ERR_SYSTEM, "this SQLite was built without FTS5");
	if (!l->tokenizer)
		l->tokenizer = mem_zalloc(sizeof *l->tokenizer);
	*l->tokenizer = (struct tokenizer){ break_text, arg };
	if (api->xCreateTokenizer(api, "vigil", l->tokenizer, &hooks, NULL) ||
	    api->xCreateFunction(api, "vigil_times", NULL, count_times, NULL))
		return lite_fail(l, e);
	return true;
}
