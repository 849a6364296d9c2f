/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/ledger/ledger.h"

#include <errno.h>
#include <stdlib.h>

#include "common/buf.h"
#include "common/io.h"
#include "common/log.h"

static const char *const files[] = { "devices.csv", "accounts.csv",
	"maintenance.csv", "duty.csv", "people.csv", "exceptions.csv" };
#define N_FILES (sizeof(files) / sizeof(files[0]))

/* Name, length and bytes of each file, so that no two sets hash alike. */
static void
hash(const struct span *bytes, uint8_t out[SHA256_LEN])
{
	struct sha256 h;
	struct buf b;
	size_t i;

	sha256_init(&h);
	buf_init(&b);
	for (i = 0; i < N_FILES; i++) {
		b.len = 0;
		buf_printf(&b, "%s %zu\n", files[i], bytes[i].len);
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

struct ledgers *
ledgers_parse(const struct ledger_bytes *in, int64_t today, int zone,
    struct problems *ps)
{
	const struct span bytes[N_FILES] = { in->devices, in->accounts,
		in->maintenance, in->duty, in->people, in->exceptions };
	struct ledgers *l = calloc(1, sizeof(*l));
	size_t before = ps->errors;

	if (l == NULL)
		abort();
	hash(bytes, l->sha256);
	l->has_accounts = in->accounts.len > 0;
	l->devices =
	    devices_parse(or_header(in->devices, "管理番号\n"), files[0], ps);
	l->accounts = accounts_parse(or_header(in->accounts, "ユーザID,状態\n"),
	    files[1], today, ps);
	l->maintenance =
	    plans_parse_maintenance(or_header(in->maintenance, "開始,終了\n"),
		files[2], zone, ps);
	l->duty = plans_parse_duty(or_header(in->duty, "日付,ユーザID\n"),
	    files[3], zone, ps);
	l->exceptions = exceptions_parse(
	    or_header(in->exceptions, "責任者,理由,開始日,期限\n"), files[5],
	    today, ps);
	if (l->accounts != NULL && in->people.len > 0)
		(void)accounts_take_people(l->accounts, in->people, files[4],
		    ps);
	if (ps->errors == before)
		return l;
	ledgers_free(l);
	return NULL;
}

static int
read_one(const char *dir, const char *file, struct buf *out,
    struct problems *ps)
{
	struct problem_at at = { file, 0, { NULL, 0 }, { NULL, 0 } };
	char path[4096];

	if (io_join(path, sizeof(path), dir, file) == 0 &&
	    io_read_file(path, LEDGER_BYTES, out) == 0)
		return 0;
	if (errno == ENOENT)
		return 0;
	problems_error(ps, &at, tr("cannot read: %s", "読めません: %s"),
	    strerror(errno));
	return -1;
}

struct ledgers *
ledgers_load(const char *dir, int64_t today, int zone, struct problems *ps)
{
	struct buf b[N_FILES];
	struct ledger_bytes in;
	struct ledgers *l = NULL;
	size_t i, bad = 0;

	for (i = 0; i < N_FILES; i++) {
		buf_init(&b[i]);
		bad += read_one(dir, files[i], &b[i], ps) == -1;
	}
	in = (struct ledger_bytes){ buf_view(&b[0]), buf_view(&b[1]),
		buf_view(&b[2]), buf_view(&b[3]), buf_view(&b[4]),
		buf_view(&b[5]) };
	if (bad == 0)
		l = ledgers_parse(&in, today, zone, ps);
	for (i = 0; i < N_FILES; i++)
		buf_fini(&b[i]);
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
	free(l);
}
