/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/ledger/account.h"

#include <stdlib.h>

#include "analyzer/ledger/cells.h"
#include "analyzer/ledger/index.h"
#include "common/log.h"
#include "common/num.h"
#include "common/text.h"

enum column {
#define COLUMN(id, required, names) COL_##id,
#include "analyzer/ledger/account_tbl.h"
#undef COLUMN
	COL_COUNT
};

static const struct sheet_column columns[] = {
#define COLUMN(id, required, names) { names, required },
#include "analyzer/ledger/account_tbl.h"
#undef COLUMN
};

/* In an index: this key belongs to two rows. */
#define TWICE (INDEX_NONE - 1)

struct accounts {
	struct arena *arena;
	struct account *v;
	size_t n;
	int64_t today;
	struct index *exact, *local, *zeros;
	struct alias *aliases;
	size_t n_aliases, cap_aliases;
};

struct alias { /* another ID of the same person */
	struct span key;
	uint32_t row;
};

struct row {
	struct cells in;
	struct accounts *as;
	struct account *a;
};

struct span
account_key(struct span id, struct arena *arena)
{
	return sheet_key(id, arena);
}

/* DOMAIN\user and user@domain without the domain. */
static struct span
local_part(struct span key)
{
	size_t i;

	for (i = key.len; i > 0; i--)
		if (key.p[i - 1] == '\\')
			return span_sub(key, i, key.len);
	for (i = 1; i < key.len; i++)
		if (key.p[i] == '@')
			return span_sub(key, 0, i);
	return key;
}

static struct span
without_zeros(struct span key)
{
	while (key.len > 1 && key.p[0] == '0')
		key = span_sub(key, 1, key.len);
	return key;
}

static bool
same_system(const struct account *a, const struct account *b)
{
	return span_eq(a->system, b->system);
}

static void
note_key(struct index *x, struct span key, uint32_t row)
{
	uint32_t *slot = index_put(x, key);

	*slot = *slot == INDEX_NONE || *slot == row ? row : TWICE;
}

static void
read_id(struct row *r)
{
	struct problem_at p = cells_at(&r->in, COL_ID);
	uint32_t i = (uint32_t)(r->a - r->as->v), *slot;

	r->a->id = p.value;
	r->a->key = account_key(p.value, r->as->arena);
	if (r->a->key.len == 0) {
		problems_error(r->in.ps, &p,
		    tr("the row has no user ID; write it or delete the row",
			"ユーザIDがありません。記入するか、行を削除してくださ"
			"い"));
		return;
	}
	slot = index_put(r->as->exact, r->a->key);
	if (*slot == INDEX_NONE)
		*slot = i;
	else if (*slot != TWICE && same_system(&r->as->v[*slot], r->a))
		problems_error(r->in.ps, &p,
		    tr("row %u has the same user ID; name the system of each "
		       "in a column システム, or delete one",
			"%u行目と同じユーザIDです。「システム」列で区別するか、"
			"一方を削除してください"),
		    r->as->v[*slot].row);
	else
		*slot = TWICE;
	note_key(r->as->local, local_part(r->a->key), i);
	note_key(r->as->zeros, without_zeros(local_part(r->a->key)), i);
}

static void
read_names(struct row *r)
{
	struct span parts[2] = { cells_key(&r->in, COL_SURNAME),
		cells_key(&r->in, COL_GIVEN) };
	uint8_t *full;

	r->a->surname = cells_text(&r->in, COL_SURNAME);
	r->a->given = cells_text(&r->in, COL_GIVEN);
	r->a->full_name = cells_key(&r->in, COL_FULL_NAME);
	if (r->a->full_name.len > 0 || parts[0].len + parts[1].len == 0)
		return;
	full = arena_alloc(r->as->arena, parts[0].len + parts[1].len);
	if (parts[0].len > 0)
		memcpy(full, parts[0].p, parts[0].len);
	if (parts[1].len > 0)
		memcpy(full + parts[0].len, parts[1].p, parts[1].len);
	r->a->full_name = span_make(full, parts[0].len + parts[1].len);
}

static void
read_kind(struct row *r)
{
	struct problem_at p = cells_at(&r->in, COL_KIND);
	struct span s = cells_key(&r->in, COL_KIND);
	struct span department = cells_key(&r->in, COL_DEPARTMENT);
	struct span vendor = cells_key(&r->in, COL_VENDOR);

	if (sheet_is_one_of(vendor, "なし|無し|無|-"))
		vendor.len = 0;
	else
		r->a->vendor = cells_text(&r->in, COL_VENDOR);
	if (sheet_is_one_of(s, "事業者|保守|委託|ベンダ|ベンダー"))
		r->a->kind = ACCOUNT_VENDOR;
	else if (sheet_is_one_of(s, "共用|共有|共通"))
		r->a->kind = ACCOUNT_SHARED;
	else if (sheet_is_one_of(s, "システム|サービス|バッチ|監視"))
		r->a->kind = ACCOUNT_SYSTEM;
	else if (sheet_is_one_of(s, "緊急|緊急用"))
		r->a->kind = ACCOUNT_EMERGENCY;
	else if (s.len > 0 && !sheet_is_one_of(s, "個人|職員|一般"))
		problems_notice(r->in.ps, &p,
		    tr("kind not understood; write 個人, 共用, システム, "
		       "緊急用 "
		       "or 事業者",
			"種別を解釈できません。個人・共用・システム・緊急用・事"
			"業者のいずれかで記入してください"));
	if (s.len == 0 &&
	    (vendor.len > 0 || cells_mention(department, "事業者")))
		r->a->kind = ACCOUNT_VENDOR;
}

static void
read_state(struct row *r)
{
	struct problem_at p = cells_at(&r->in, COL_STATE);

	r->a->state_text = p.value;
	r->a->expiry = expiry_parse(p.value, r->as->today);
	if (r->a->expiry.doubt != EXPIRY_CLEAR)
		problems_notice(r->in.ps, &p, "%s",
		    expiry_doubt_text(r->a->expiry.doubt));
}

static void
read_sources(struct row *r)
{
	struct problem_at at = cells_at(&r->in, COL_SOURCES);
	struct span rest = at.value, value;
	struct prefix p;

	while (sheet_next_value(&rest, &value)) {
		value = sheet_key(value, r->in.arena);
		if (sheet_is_one_of(value, "なし|-|指定なし|制限なし"))
			continue;
		if (prefix_parse(value, &p) == 0)
			prefixes_add(&r->a->sources, p);
		else
			problems_error(r->in.ps, &at,
			    tr("not an address; write 203.0.113.9 or "
			       "203.0.113.0/24",
				"アドレスとして読めません。203.0.113.9 または "
				"203.0.113.0/24の形で記入してください"));
	}
}

/* "13文字以上", "13": so many characters; declared, not measured. */
static void
read_password(struct row *r)
{
	struct problem_at at = cells_at(&r->in, COL_PASSWORD);
	struct span s = cells_key(&r->in, COL_PASSWORD);
	uint64_t n;
	size_t i;

	for (i = 0; i < s.len && s.p[i] >= '0' && s.p[i] <= '9'; i++)
		;
	if (num_parse(span_sub(s, 0, i), 1000, &n) == 0)
		r->a->password_length = (unsigned)n;
	else if (s.len > 0 && !sheet_is_one_of(s, "なし|-|不明"))
		problems_notice(r->in.ps, &at,
		    tr("write how many characters it has, such as 13",
			"文字数を13のように記入してください"));
}

static void
read_two_factor(struct row *r)
{
	struct problem_at at = cells_at(&r->in, COL_FACTOR);
	struct span s = cells_key(&r->in, COL_FACTOR);

	r->a->two_factor = sheet_is_one_of(s,
	    "はい|あり|有|有り|済|○|〇|yes|true|対応|利用");
	if (!r->a->two_factor && s.len > 0 &&
	    !sheet_is_one_of(s, "いいえ|なし|無|無し|×|no|false|未対応|-"))
		problems_notice(r->in.ps, &at,
		    tr("not understood; write はい or いいえ",
			"解釈できません。はい・いいえのいずれかで記入して"
			"ください"));
}

bool
account_role_is_admin(struct span folded)
{
	return sheet_is_one_of(folded,
	    "admin|administrator|管理者|管理|root|super|superuser|特権");
}

static void
read_row(struct row *r)
{
	struct account *a = r->a;
	struct span role = cells_key(&r->in, COL_ROLE);

	*a = (struct account){ .row = r->in.row->number,
		.left = INT64_MAX,
		.password_set = INT64_MIN,
		.password_taken = INT64_MIN };
	a->system = cells_key(&r->in, COL_SYSTEM);
	a->number = cells_text(&r->in, COL_NUMBER);
	a->department = cells_text(&r->in, COL_DEPARTMENT);
	a->note = cells_text(&r->in, COL_NOTE);
	a->role_text = cells_text(&r->in, COL_ROLE);
	a->shifts = cells_text(&r->in, COL_SHIFTS);
	a->admin = account_role_is_admin(role);
	a->leaving = cells_mention(a->note, "退職予定");
	a->watched = cells_mention(a->note, "要注意");
	a->issued = cells_date(&r->in, COL_ISSUED);
	read_id(r);
	read_names(r);
	read_kind(r);
	read_sources(r);
	read_password(r);
	read_two_factor(r);
	read_state(r);
}

struct accounts *
accounts_parse(struct span bytes, const char *file, int64_t today,
    struct problems *ps)
{
	struct accounts *as = calloc(1, sizeof(*as));
	size_t i, before = ps->errors;
	struct sheet sheet;
	struct row r;

	if (as == NULL)
		abort();
	as->arena = arena_new();
	as->today = today;
	as->exact = index_new();
	as->local = index_new();
	as->zeros = index_new();
	if (sheet_read(bytes, file, columns, COL_COUNT, as->arena, &sheet,
		ps) == 0) {
		as->v = arena_alloc(as->arena, (sheet.n + 1) * sizeof(*as->v));
		for (i = 0; i < sheet.n; i++) {
			r = (struct row){ { &sheet, &sheet.rows[i], as->arena,
					      ps },
				as, &as->v[as->n++] };
			read_row(&r);
		}
	}
	if (ps->errors == before)
		return as;
	accounts_free(as);
	return NULL;
}

void
accounts_free(struct accounts *as)
{
	size_t i;

	if (as == NULL)
		return;
	for (i = 0; i < as->n; i++)
		prefixes_fini(&as->v[i].sources);
	free(as->aliases);
	index_free(as->exact);
	index_free(as->local);
	index_free(as->zeros);
	arena_free(as->arena);
	free(as);
}

size_t
accounts_count(const struct accounts *as)
{
	return as->n;
}

const struct account *
accounts_at(const struct accounts *as, size_t i)
{
	return i < as->n ? &as->v[i] : NULL;
}

static enum account_match
found(const struct accounts *as, uint32_t i, enum account_match how,
    const struct account **a)
{
	if (i == INDEX_NONE)
		return ACCOUNT_MISSING;
	if (i == TWICE)
		return ACCOUNT_AMBIGUOUS;
	*a = &as->v[i];
	return how;
}

static bool
is_number(struct span s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.len > 0;
}

/*
 * user@this.hospital of a log is user of the ledger and the other way round,
 * but user@a is not user@b: one of the two must lack a domain.
 */
static enum account_match
find_local(const struct accounts *as, struct span key, const struct account **a)
{
	struct span local = local_part(key);
	bool domain = local.len != key.len;
	enum account_match m;

	m = found(as, index_get(domain ? as->exact : as->local, local),
	    ACCOUNT_LOCAL, a);
	if (m != ACCOUNT_MISSING || domain || !is_number(local))
		return m;
	m = found(as, index_get(as->zeros, without_zeros(local)), ACCOUNT_ZEROS,
	    a);
	if (m == ACCOUNT_ZEROS && !is_number(local_part((*a)->key))) {
		*a = NULL;
		return ACCOUNT_MISSING;
	}
	return m;
}

enum account_match
accounts_find_key(const struct accounts *as, struct span key,
    const struct account **a)
{
	enum account_match m;

	*a = NULL;
	if (key.len == 0 || as->n == 0)
		return ACCOUNT_MISSING;
	m = found(as, index_get(as->exact, key), ACCOUNT_EXACT, a);
	return m == ACCOUNT_MISSING ? find_local(as, key, a) : m;
}

enum account_match
accounts_find(const struct accounts *as, struct span id,
    const struct account **a)
{
	struct arena *arena = arena_new();
	enum account_match m;

	m = accounts_find_key(as, account_key(id, arena), a);
	arena_free(arena);
	return m;
}

enum expiry_state
account_state_on(const struct account *a, int64_t day)
{
	return day > a->left ? EXPIRY_IS_DISABLED : expiry_on(&a->expiry, day);
}

int64_t
account_until(const struct account *a)
{
	return a->expiry.base == EXPIRY_USABLE ? a->expiry.until : EXPIRY_NEVER;
}

/* An index names the rows by their numbers. */
static bool
is_free(const struct accounts *as, struct span key)
{
	return index_get(as->exact, key) == INDEX_NONE;
}

int
accounts_add_alias(struct accounts *as, struct span id, const struct account *a)
{
	struct span key = account_key(id, as->arena);
	uint32_t i = (uint32_t)(a - as->v);

	if (key.len == 0 ||
	    (!is_free(as, key) && index_get(as->exact, key) != i))
		return -1;
	*index_put(as->exact, key) = i;
	if (as->n_aliases == as->cap_aliases) {
		as->cap_aliases = as->cap_aliases == 0 ? 16
						       : as->cap_aliases * 2;
		as->aliases = reallocarray(as->aliases, as->cap_aliases,
		    sizeof(*as->aliases));
		if (as->aliases == NULL)
			abort();
	}
	as->aliases[as->n_aliases++] = (struct alias){ key, i };
	note_key(as->local, local_part(key), i);
	note_key(as->zeros, without_zeros(local_part(key)), i);
	return 0;
}

bool
accounts_alias_at(const struct accounts *as, size_t i, struct span *id,
    const struct account **a)
{
	if (i >= as->n_aliases)
		return false;
	*id = as->aliases[i].key;
	*a = &as->v[as->aliases[i].row];
	return true;
}

struct account *
accounts_row(struct accounts *as, const struct account *a)
{
	return &as->v[a - as->v];
}

struct arena *
accounts_arena(struct accounts *as)
{
	return as->arena;
}
