/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/ledger/file.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "common/io.h"
#include "common/log.h"

static const char *const endings[] = { ".xlsx", ".xlsm", ".xls", ".xlsb",
	".ods" };

_Static_assert(sizeof(endings) / sizeof(endings[0]) + 1 == LEDGER_NAMES,
    "each has a name");

size_t
ledger_file_names(const char *path, struct arena *arena,
    const char *names[LEDGER_NAMES])
{
	size_t i, len = strlen(path);

	names[0] = path;
	if (len < 4 || strcmp(path + len - 4, ".csv") != 0)
		return 1;
	for (i = 1; i < LEDGER_NAMES; i++)
		names[i] = arena_printf(arena, "%.*s%s", (int)(len - 4), path,
		    endings[i - 1]);
	return LEDGER_NAMES;
}

static const char *
base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? path : slash + 1;
}

static int
fail_size(const char *path, struct problems *ps)
{
	struct problem_at at = { .file = base(path) };
	struct stat st;

	if (stat(path, &st) == -1)
		st.st_size = 0;
	problems_error(ps, &at,
	    tr("%.1f MB; a ledger has at most %u MB (%u bytes): keep the "
	       "ledger alone in its file, without pictures",
		"%.1f MBあります。台帳は%u MB（%uバイト）までです。画像などを"
		"除き、台帳だけのファイルにしてください"),
	    (double)st.st_size / 1e6, LEDGER_BYTES / 1000000, LEDGER_BYTES);
	return -1;
}

static int
fail_two(const char *one, const char *two, struct problems *ps)
{
	struct problem_at at = { .file = base(one) };

	problems_error(ps, &at,
	    tr("%s is there too; keep one of them and move the other "
	       "elsewhere",
		"%s もあります。どちらか一方を残し、もう一方は別の場所へ移して"
		"ください"),
	    base(two));
	return -1;
}

/* A save that went wrong leaves one; it is no ledger that is not kept. */
static int
fail_empty(const char *path, struct problems *ps)
{
	struct problem_at at = { .file = base(path) };

	problems_error(ps, &at,
	    tr("the file is empty (0 bytes); save the ledger again, or remove "
	       "the file if this ledger is not kept",
		"空のファイルです（0バイト）。台帳を保存し直してください。この"
		"台帳を使わない場合はファイルを削除してください"));
	return -1;
}

int
ledger_file_read(const char *path, struct arena *arena, struct buf *out,
    const char **name, struct problems *ps)
{
	const char *names[LEDGER_NAMES], *found = NULL;
	size_t i, n = ledger_file_names(path, arena, names);
	struct problem_at at = { .file = base(path) };
	size_t before = out->len;
	struct stat st;

	*name = at.file;
	for (i = 0; i < n; i++) {
		if (stat(names[i], &st) == -1 && errno == ENOENT)
			continue;
		if (found != NULL)
			return fail_two(found, names[i], ps);
		found = names[i];
	}
	if (found == NULL)
		return 0;
	*name = at.file = arena_str(arena, span_str(base(found)));
	if (io_read_file(found, LEDGER_BYTES, out) == 0)
		return out->len > before ? 1 : fail_empty(found, ps);
	if (errno == EFBIG)
		return fail_size(found, ps);
	problems_error(ps, &at, tr("cannot read: %s", "読めません: %s"),
	    strerror(errno));
	return -1;
}
