/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/ledger/ledger.h"

#include <stddef.h>
#include <stdlib.h>

#include "common/buf.h"
#include "common/io.h"
#include "common/log.h"

static const struct {
	const char *name, *file, *ja;
	size_t offset;
} table[] = {
#define LEDGER(id, name, ja)                                                   \
	{ #name, #name ".csv", ja, offsetof(struct ledger_bytes, name) },
#include "analyzer/ledger/ledger_tbl.h"
#undef LEDGER
};

int
ledger_parse_name(struct span name, enum ledger *l)
{
	size_t i;

	for (i = 0; i < LEDGER_COUNT; i++) {
		if (!span_is(name, table[i].name))
			continue;
		*l = (enum ledger)i;
		return 0;
	}
	return -1;
}

const char *
ledger_name(enum ledger l)
{
	return tr(table[l].file, table[l].ja);
}

const char *
ledger_word(enum ledger l)
{
	return table[l].name;
}

struct span *
ledger_bytes_of(struct ledger_bytes *in, enum ledger l)
{
	return (struct span *)(void *)((uint8_t *)in + table[l].offset);
}

/* Name, length and bytes of each file, so that no two sets hash alike. */
static void
hash(const struct span *bytes, uint8_t out[SHA256_LEN])
{
	struct sha256 h;
	struct buf b;
	size_t i;

	sha256_init(&h);
	buf_init(&b);
	for (i = 0; i < LEDGER_COUNT; i++) {
		if (i > LEDGER_EXCEPTIONS && bytes[i].len == 0)
			continue; /* what it was before there were these */
		b.len = 0;
		buf_printf(&b, "%s %zu\n", table[i].file, bytes[i].len);
		sha256_update(&h, b.p, b.len);
		if (bytes[i].len > 0)
			sha256_update(&h, bytes[i].p, bytes[i].len);
	}
	sha256_final(&h, out);
	buf_fini(&b);
}

/* A ledger that is not kept reads as one of a header alone. */
static struct span
or_header(struct span bytes, const char *header)
{
	return bytes.len > 0 ? bytes : span_str(header);
}

/* What the other lists say of the accounts. */
static void
tell_accounts(struct ledgers *l, const struct span *bytes,
    const char *const *file, struct problems *ps)
{
	if (bytes[LEDGER_IDENTITIES].len > 0)
		(void)accounts_take_identities(l->accounts,
		    bytes[LEDGER_IDENTITIES], file[LEDGER_IDENTITIES], ps);
	if (bytes[LEDGER_PEOPLE].len > 0)
		(void)accounts_take_people(l->accounts, bytes[LEDGER_PEOPLE],
		    file[LEDGER_PEOPLE], ps);
	if (l->exported != NULL)
		exports_tell(l->exported, l->accounts);
}

static void
parse_all(struct ledgers *l, const struct span *bytes, const char *const *file,
    int64_t today, int zone, struct problems *ps)
{
	l->devices =
	    devices_parse(or_header(bytes[LEDGER_DEVICES], "管理番号\n"),
		file[LEDGER_DEVICES], ps);
	l->accounts =
	    accounts_parse(or_header(bytes[LEDGER_ACCOUNTS], "ユーザID,状態\n"),
		file[LEDGER_ACCOUNTS], today, ps);
	l->maintenance = plans_parse_maintenance(
	    or_header(bytes[LEDGER_MAINTENANCE], "開始,終了\n"),
	    file[LEDGER_MAINTENANCE], zone, ps);
	l->duty =
	    plans_parse_duty(or_header(bytes[LEDGER_DUTY], "日付,ユーザID\n"),
		file[LEDGER_DUTY], zone, ps);
	l->exceptions = exceptions_parse(
	    or_header(bytes[LEDGER_EXCEPTIONS], "責任者,理由,開始日,期限\n"),
	    file[LEDGER_EXCEPTIONS], today, ps);
	l->exported =
	    exports_parse(or_header(bytes[LEDGER_EXPORTED], "ユーザID\n"),
		file[LEDGER_EXPORTED], ps);
	l->networks =
	    networks_parse(or_header(bytes[LEDGER_NETWORKS], "ネットワーク\n"),
		file[LEDGER_NETWORKS], ps);
	l->patients =
	    patients_parse(or_header(bytes[LEDGER_PATIENTS], "患者ID\n"),
		file[LEDGER_PATIENTS], ps);
	if (l->accounts != NULL)
		tell_accounts(l, bytes, file, ps);
}

struct ledgers *
ledgers_parse(const struct ledger_bytes *in, int64_t today, int zone,
    struct problems *ps)
{
	struct ledger_bytes copy = *in;
	struct span bytes[LEDGER_COUNT];
	const char *files[LEDGER_COUNT];
	struct ledgers *l = calloc(1, sizeof(*l));
	size_t i, before = ps->errors;

	if (l == NULL)
		abort();
	for (i = 0; i < LEDGER_COUNT; i++) {
		bytes[i] = *ledger_bytes_of(&copy, (enum ledger)i);
		l->kept[i] = bytes[i].len > 0;
		files[i] = in->names[i] != NULL ? in->names[i] : table[i].file;
	}
	hash(bytes, l->sha256);
	l->has_accounts = l->kept[LEDGER_ACCOUNTS];
	parse_all(l, bytes, files, today, zone, ps);
	if (ps->errors == before)
		return l;
	ledgers_free(l);
	return NULL;
}

struct ledgers *
ledgers_load(const char *dir, int64_t today, int zone, struct problems *ps)
{
	struct arena *arena = arena_new();
	struct ledger_bytes in = { .devices = { NULL, 0 } };
	struct buf b[LEDGER_COUNT];
	struct ledgers *l = NULL;
	char path[4096];
	size_t i, bad = 0;

	for (i = 0; i < LEDGER_COUNT; i++) {
		buf_init(&b[i]);
		if (io_join(path, sizeof(path), dir, table[i].file) == -1 ||
		    ledger_file_read(path, arena, &b[i], &in.names[i], ps) ==
			-1)
			bad++;
		*ledger_bytes_of(&in, (enum ledger)i) = buf_view(&b[i]);
	}
	if (bad == 0)
		l = ledgers_parse(&in, today, zone, ps);
	for (i = 0; i < LEDGER_COUNT; i++)
		buf_fini(&b[i]);
	arena_free(arena);
	return l;
}

void
ledgers_free(struct ledgers *l)
{
	if (l == NULL)
		return;
	devices_free(l->devices);
	accounts_free(l->accounts);
	plans_free(l->maintenance);
	plans_free(l->duty);
	exceptions_free(l->exceptions);
	exports_free(l->exported);
	networks_free(l->networks);
	patients_free(l->patients);
	free(l);
}
