/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/ledger/device.h"

#include <stdlib.h>

#include "analyzer/ledger/cells.h"
#include "analyzer/ledger/index.h"
#include "common/log.h"
#include "common/utc.h"

#define IPS_MAX 32 /* addresses in one cell */

enum column {
#define COLUMN(id, required, names) COL_##id,
#include "analyzer/ledger/device_tbl.h"
#undef COLUMN
	COL_COUNT
};

static const struct sheet_column columns[] = {
#define COLUMN(id, required, names) { names, required },
#include "analyzer/ledger/device_tbl.h"
#undef COLUMN
};

struct devices {
	struct arena *arena;
	struct device *v;
	size_t n;
	struct index *by_id, *by_ip, *by_name, *by_mac;
};

/* A reader of one row. */
struct row {
	struct cells in;
	struct devices *ds;
	struct device *d;
};

/* Leading zeros do not count: Excel drops them. */
static struct span
id_key(struct span folded)
{
	while (folded.len > 1 && folded.p[0] == '0')
		folded = span_sub(folded, 1, folded.len);
	return folded;
}

static void
read_id(struct row *r)
{
	struct problem_at p = cells_at(&r->in, COL_ID);
	uint32_t *slot;

	r->d->id = cells_text(&r->in, COL_ID);
	if (r->d->id.len == 0) {
		problems_error(r->in.ps, &p,
		    tr("the device has no number; give it one",
			"管理番号がありません。番号を記入してください"));
		return;
	}
	slot = index_put(r->ds->by_id, id_key(cells_key(&r->in, COL_ID)));
	if (*slot != INDEX_NONE)
		problems_error(r->in.ps, &p,
		    tr("the same number stands in row %u; numbers are unique",
			"%u行目と同じ番号です。番号は機器ごとに変えてください"),
		    r->ds->v[*slot].row);
	*slot = (uint32_t)(r->d - r->ds->v);
}

/* Placeholders that ledgers carry instead of a digit. */
static bool
is_masked(struct span s)
{
	static const char *const marks[] = { "○", "〇", "●", "◯", "△", "×", "*",
		"＊", "x", "X" };
	size_t i, k;

	for (i = 0; i < s.len; i++)
		for (k = 0; k < sizeof(marks) / sizeof(marks[0]); k++)
			if (span_starts(span_sub(s, i, s.len),
				span_str(marks[k])))
				return true;
	return false;
}

static void
read_ip(struct row *r, struct span text)
{
	struct problem_at p = cells_at(&r->in, COL_IP);
	struct span key = sheet_key(text, r->ds->arena);
	struct address a;
	uint32_t *slot;

	p.value = text;
	if (sheet_is_one_of(key, "dhcp|自動|動的|なし|無し|無|-|未設定"))
		return;
	if (is_masked(key) || address_parse(key, &a) == -1) {
		if (is_masked(key))
			problems_notice(r->in.ps, &p,
			    tr("the address is masked; write it out so that "
			       "logs can be joined",
				"IPアドレスが伏字です。ログと突き合わせるには実"
				"際の値を記入してください"));
		else
			problems_notice(r->in.ps, &p,
			    tr("not one IP address; write each address, "
			       "separated by commas",
				"IPアドレスとして読めません。1つずつカンマで区"
				"切って記入してください"));
		return;
	}
	if (r->d->n_ips == IPS_MAX)
		return;
	slot = index_put(r->ds->by_ip, span_make(a.b, sizeof(a.b)));
	if (*slot != INDEX_NONE)
		problems_notice(r->in.ps, &p,
		    tr("row %u has the same address; the first row counts",
			"%u行目と同じIPアドレスです。先の行を採用します"),
		    r->ds->v[*slot].row);
	else
		*slot = (uint32_t)(r->d - r->ds->v);
	r->d->ips[r->d->n_ips++] = a;
}

static void
read_ips(struct row *r)
{
	struct span rest = cells_text(&r->in, COL_IP), value;

	r->d->ips = arena_alloc(r->ds->arena, IPS_MAX * sizeof(*r->d->ips));
	while (sheet_next_value(&rest, &value))
		read_ip(r, value);
}

/* Six pairs of hex digits, however they are separated. */
static struct span
mac_key(struct span s, struct arena *arena)
{
	static const char hex[] = "0123456789abcdef";
	struct span key = sheet_key(s, arena);
	uint8_t *out = arena_alloc(arena, 18);
	size_t i, n = 0;

	for (i = 0; i < key.len; i++) {
		if (key.p[i] == ':' || key.p[i] == '-' || key.p[i] == '.')
			continue;
		if (n == 12 || memchr(hex, key.p[i], 16) == NULL)
			return (struct span){ NULL, 0 };
		if (n > 0 && n % 2 == 0)
			out[n / 2 * 3 - 1] = ':';
		out[n / 2 * 3 + n % 2] = key.p[i];
		n++;
	}
	return n == 12 ? span_make(out, 17) : (struct span){ NULL, 0 };
}

static void
read_mac(struct row *r)
{
	struct problem_at p = cells_at(&r->in, COL_MAC);
	uint32_t *slot;

	if (p.value.len == 0)
		return;
	r->d->mac = mac_key(p.value, r->ds->arena);
	if (r->d->mac.len == 0) {
		problems_notice(r->in.ps, &p,
		    tr("not a MAC address; write 00:11:22:33:44:55",
			"MACアドレスとして読めません。00:11:22:33:44:"
			"55の形で記入してください"));
		return;
	}
	slot = index_put(r->ds->by_mac, r->d->mac);
	if (*slot == INDEX_NONE)
		*slot = (uint32_t)(r->d - r->ds->v);
}

/* Log lines carry pc1.hospital.local where the ledger says PC1. */
static struct span
host_key(struct span name, struct arena *arena)
{
	struct span key = sheet_key(name, arena);
	struct address a;
	size_t i;

	if (address_parse(key, &a) == 0)
		return key;
	for (i = 0; i < key.len; i++)
		if (key.p[i] == '.')
			return span_sub(key, 0, i);
	return key;
}

static void
read_name(struct row *r)
{
	struct span key = host_key(cells_text(&r->in, COL_NAME), r->ds->arena);
	uint32_t *slot;

	r->d->name = cells_text(&r->in, COL_NAME);
	if (key.len == 0)
		return;
	slot = index_put(r->ds->by_name, key);
	if (*slot == INDEX_NONE)
		*slot = (uint32_t)(r->d - r->ds->v);
}

static void
read_state(struct row *r)
{
	struct problem_at p = cells_at(&r->in, COL_STATE);
	struct span s = cells_key(&r->in, COL_STATE);

	r->d->state_text = p.value;
	if (s.len == 0 ||
	    sheet_is_one_of(s, "稼働|稼働中|稼動|稼動中|使用中|運用中"))
		r->d->state = DEVICE_RUNNING;
	else if (sheet_is_one_of(s,
		     "停止|停止中|予備|修理中|廃棄|廃棄済|撤去|撤去済|返却|"
		     "返却済|休止"))
		r->d->state = DEVICE_STOPPED;
	else if (sheet_is_one_of(s, "貸出|貸出中"))
		r->d->state = DEVICE_LENT;
	else {
		r->d->state = DEVICE_ODD;
		problems_notice(r->in.ps, &p,
		    tr("state not understood; write 稼働, 停止, 予備, 修理中, "
		       "廃棄 or 貸出",
			"状態を解釈できません。稼働・停止・予備・修理中・廃棄・"
			"貸出のいずれかで記入してください"));
	}
}

static void
read_external(struct row *r)
{
	struct problem_at p = cells_at(&r->in, COL_EXTERNAL);
	struct span s = cells_key(&r->in, COL_EXTERNAL);

	if (s.len == 0)
		r->d->external = DEVICE_EXTERNAL_UNSAID;
	else if (sheet_is_one_of(s, "なし|無し|無|禁止|不可|閉域|no|none"))
		r->d->external = DEVICE_EXTERNAL_NONE;
	else if (sheet_is_one_of(s, "限定|制限|一部|限定あり|limited"))
		r->d->external = DEVICE_EXTERNAL_LIMITED;
	else if (sheet_is_one_of(s, "あり|有り|有|可|yes|any"))
		r->d->external = DEVICE_EXTERNAL_ALLOWED;
	else
		problems_error(r->in.ps, &p,
		    tr("write なし, 限定 or あり",
			"なし・限定・ありのいずれかで記入してください"));
}

static void
read_role(struct row *r)
{
	static const enum column where[] = { COL_KIND, COL_OS, COL_NAME,
		COL_SOFTWARE, COL_NOTE };
	struct span s;
	size_t i;

	s = cells_key(&r->in, COL_KIND);
	r->d->manager = cells_mention(s, "管理端末") ||
	    cells_mention(s, "管理用端末") || cells_mention(s, "踏み台");
	for (i = 0; i < (s.len > 0 ? 1 : sizeof(where) / sizeof(where[0]));
	     i++) {
		s = cells_key(&r->in, where[i]);
		r->d->server |=
		    cells_mention(s, "サーバ") || cells_mention(s, "server");
	}
	r->d->admin_logon = cells_says_yes(cells_key(&r->in, COL_ADMIN));
	r->d->edge = cells_says_yes(cells_key(&r->in, COL_EDGE));
	s = cells_key(&r->in, COL_REMOTE);
	r->d->no_remote = sheet_is_one_of(s, "なし|無し|無|-|いいえ");
	if (!r->d->no_remote)
		r->d->remote = cells_text(&r->in, COL_REMOTE);
}

static void
read_zone(struct row *r)
{
	struct problem_at p = cells_at(&r->in, COL_ZONE);
	struct span s = cells_key(&r->in, COL_ZONE);

	if (s.len == 0)
		return;
	r->d->has_zone = true;
	if (sheet_is_one_of(s, "jst|日本"))
		r->d->zone = 9 * 3600;
	else if (sheet_is_one_of(s, "utc|gmt"))
		r->d->zone = 0;
	else if (utc_parse_zone(s, &r->d->zone) == -1)
		problems_error(r->in.ps, &p,
		    tr("not a time zone; write JST, UTC or +09:00",
			"タイムゾーンとして読めません。JST、UTC、+09:"
			"00のいずれかで記入してください"));
}

static void
read_row(struct row *r)
{
	struct device *d = r->d;

	*d = (struct device){ .row = r->in.row->number };
	read_id(r);
	d->maker = cells_text(&r->in, COL_MAKER);
	d->os = cells_text(&r->in, COL_OS);
	d->software = cells_text(&r->in, COL_SOFTWARE);
	d->version = cells_text(&r->in, COL_VERSION);
	d->place = cells_text(&r->in, COL_PLACE);
	d->users = cells_text(&r->in, COL_USERS);
	d->note = cells_text(&r->in, COL_NOTE);
	d->owner = cells_text(&r->in, COL_OWNER);
	d->vendor = cells_text(&r->in, COL_VENDOR);
	d->importance = cells_text(&r->in, COL_IMPORTANCE);
	d->logging = cells_text(&r->in, COL_LOGGING);
	d->site = cells_key(&r->in, COL_SITE);
	d->format = cells_text(&r->in, COL_FORMAT);
	read_ips(r);
	read_name(r);
	read_mac(r);
	d->registered = cells_date(&r->in, COL_REGISTERED);
	read_state(r);
	read_external(r);
	read_role(r);
	read_zone(r);
	if (d->state == DEVICE_RUNNING &&
	    (cells_mention(d->note, "撤去") || cells_mention(d->note, "廃棄") ||
		cells_mention(d->note, "返却")))
		d->state = DEVICE_STOPPED;
}

struct devices *
devices_parse(struct span bytes, const char *file, struct problems *ps)
{
	struct devices *ds = calloc(1, sizeof(*ds));
	size_t i, before = ps->errors;
	struct sheet sheet;
	struct row r;

	if (ds == NULL)
		abort();
	ds->arena = arena_new();
	ds->by_id = index_new();
	ds->by_ip = index_new();
	ds->by_name = index_new();
	ds->by_mac = index_new();
	if (sheet_read(bytes, file, columns, COL_COUNT, ds->arena, &sheet,
		ps) == 0) {
		ds->v = arena_alloc(ds->arena, (sheet.n + 1) * sizeof(*ds->v));
		for (i = 0; i < sheet.n; i++) {
			r = (struct row){ { &sheet, &sheet.rows[i], ds->arena,
					      ps },
				ds, &ds->v[ds->n++] };
			read_row(&r);
		}
	}
	if (ps->errors == before)
		return ds;
	devices_free(ds);
	return NULL;
}

void
devices_free(struct devices *ds)
{
	if (ds == NULL)
		return;
	index_free(ds->by_id);
	index_free(ds->by_ip);
	index_free(ds->by_name);
	index_free(ds->by_mac);
	arena_free(ds->arena);
	free(ds);
}

bool
devices_have_zones(const struct devices *ds)
{
	size_t i;

	for (i = 0; i < devices_count(ds); i++)
		if (devices_at(ds, i)->has_zone)
			return true;
	return false;
}

size_t
devices_count(const struct devices *ds)
{
	return ds->n;
}

const struct device *
devices_at(const struct devices *ds, size_t i)
{
	return i < ds->n ? &ds->v[i] : NULL;
}

static const struct device *
get(const struct devices *ds, const struct index *x, struct span key)
{
	uint32_t i = key.len == 0 ? INDEX_NONE : index_get(x, key);

	return i == INDEX_NONE ? NULL : &ds->v[i];
}

const struct device *
devices_by_address(const struct devices *ds, const struct address *a)
{
	return get(ds, ds->by_ip, span_make(a->b, sizeof(a->b)));
}

/* Look a text up by a key that is made for the purpose. */
static const struct device *
lookup(const struct devices *ds, const struct index *x, struct span text,
    struct span (*make)(struct span, struct arena *))
{
	const struct device *d;
	struct arena *arena;

	if (text.len == 0 || ds->n == 0)
		return NULL;
	arena = arena_new();
	d = get(ds, x, make(text, arena));
	arena_free(arena);
	return d;
}

const struct device *
devices_by_name(const struct devices *ds, struct span name)
{
	/* Most are written as the key is. */
	const struct device *d = get(ds, ds->by_name, name);

	return d != NULL ? d : lookup(ds, ds->by_name, name, host_key);
}

const struct device *
devices_by_mac(const struct devices *ds, struct span mac)
{
	return index_count(ds->by_mac) == 0
	    ? NULL
	    : lookup(ds, ds->by_mac, mac, mac_key);
}

static struct span
make_id_key(struct span id, struct arena *arena)
{
	return id_key(sheet_key(id, arena));
}

const struct device *
devices_by_id(const struct devices *ds, struct span id)
{
	return lookup(ds, ds->by_id, id, make_id_key);
}

const char *
device_external_name(enum device_external e)
{
	switch (e) {
	case DEVICE_EXTERNAL_NONE:
		return "none";
	case DEVICE_EXTERNAL_LIMITED:
		return "limited";
	case DEVICE_EXTERNAL_ALLOWED:
		return "allowed";
	case DEVICE_EXTERNAL_UNSAID:
		break;
	}
	return "unsaid";
}

const char *
device_state_name(enum device_state s)
{
	switch (s) {
	case DEVICE_RUNNING:
		return "running";
	case DEVICE_STOPPED:
		return "stopped";
	case DEVICE_LENT:
		return "lent";
	case DEVICE_ODD:
		break;
	}
	return "odd";
}

bool
devices_have_managers(const struct devices *ds)
{
	size_t i;

	for (i = 0; i < devices_count(ds); i++)
		if (devices_at(ds, i)->manager)
			return true;
	return false;
}

bool
devices_have_admin_logons(const struct devices *ds)
{
	size_t i;

	for (i = 0; i < devices_count(ds); i++)
		if (devices_at(ds, i)->admin_logon)
			return true;
	return false;
}
