/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/inputs.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "analyzer/command/events.h"
#include "analyzer/ledger/ledger.h"
#include "common/buf.h"
#include "common/io.h"

#define FILE_BYTES (64u << 20) /* larger than any that is read */
#define DEPTH 8

_Static_assert(INPUTS_LEDGERS == LEDGER_COUNT, "each ledger has a path");

static void
add(struct sha256 *sha, const void *p, uint64_t len)
{
	sha256_update(sha, &len, sizeof(len));
	if (len > 0)
		sha256_update(sha, p, (size_t)len);
}

/* What cannot be read is hashed as the reason. */
static void
add_file(struct sha256 *sha, const char *path)
{
	struct buf bytes;
	int err;

	buf_init(&bytes);
	add(sha, path, strlen(path));
	if (*path != '\0' && io_read_file(path, FILE_BYTES, &bytes) == 0)
		add(sha, bytes.p, bytes.len);
	else {
		err = errno;
		sha256_update(sha, &err, sizeof(err));
	}
	buf_fini(&bytes);
}

static int
no_hidden(const struct dirent *de)
{
	return de->d_name[0] != '.';
}

static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static void
add_folder(struct sha256 *sha, const char *dir, unsigned depth)
{
	struct dirent **names;
	struct stat st;
	char path[4096];
	int i, n;

	if (depth == DEPTH ||
	    (n = scandir(dir, &names, no_hidden, by_name)) < 0)
		return;
	for (i = 0; i < n; i++) {
		if (io_join(path, sizeof(path), dir, names[i]->d_name) == 0 &&
		    stat(path, &st) == 0 && S_ISDIR(st.st_mode))
			add_folder(sha, path, depth + 1);
		else
			add_file(sha, path);
		free(names[i]);
	}
	free(names);
}

void
inputs_ledgers(const struct site *site, const char *files[INPUTS_LEDGERS])
{
	const char *const all[LEDGER_COUNT] = {
#define LEDGER(id, name, ja) [LEDGER_##id] = site->analyzer.name,
#include "analyzer/ledger/ledger_tbl.h"
#undef LEDGER
	};

	memcpy(files, all, sizeof(all));
}

void
inputs_hash(const struct site *site, uint8_t hash[SHA256_LEN])
{
	const char *ledgers[INPUTS_LEDGERS], *names[LEDGER_NAMES];
	struct arena *arena = arena_new();
	struct sha256 sha;
	size_t i, k, n;

	sha256_init(&sha);
	add_folder(&sha, events_rules(site), 0);
	inputs_ledgers(site, ledgers);
	for (i = 0; i < INPUTS_LEDGERS; i++) {
		n = ledger_file_names(ledgers[i], arena, names);
		for (k = 0; k < n; k++)
			add_file(&sha, names[k]);
	}
	arena_free(arena);
	add_file(&sha, site->analyzer.calendar);
	sha256_final(&sha, hash);
}

void
inputs_hash_formats(const struct site *site, uint8_t hash[SHA256_LEN])
{
	struct sha256 sha;
	char path[4096];

	sha256_init(&sha);
	if (io_join(path, sizeof(path), events_rules(site), "formats") == 0)
		add_folder(&sha, path, 0);
	sha256_final(&sha, hash);
}
