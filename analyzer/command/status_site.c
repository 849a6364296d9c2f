/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/status_site.h"

#include <string.h>
#include <sys/stat.h>

#include "common/io.h"
#include "site/succession.h"

#define RUN "run" /* unless the file says another */

/* The folder that is meant, without what is behind its last slash. */
static int
folder(const char *path, char *dir, size_t size)
{
	struct stat st;
	char *slash;

	if (io_join(dir, size, NULL, path) != 0)
		return -1;
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return 0;
	slash = strrchr(dir, '/');
	if (slash == NULL)
		return io_join(dir, size, NULL, ".");
	slash[slash == dir ? 1 : 0] = '\0';
	return 0;
}

/*
 * The run folder that a file names which is no configuration: it may be YAML
 * all the same.
 */
static int
run_folder(const char *dir, char *run, size_t size)
{
	struct arena *arena = arena_new();
	const struct yaml_node *root, *n = NULL;
	struct yaml_error err;
	char file[4096];
	int rc;

	if (io_join(file, sizeof(file), dir, SITE_FILE) == 0 &&
	    (root = yaml_load(file, arena, &err)) != NULL &&
	    root->kind == YAML_MAP)
		n = yaml_get(root, "run");
	rc = io_join(run, size, dir,
	    n != NULL && n->kind == YAML_SCALAR && n->text.len > 0
		? (const char *)n->text.p
		: RUN);
	arena_free(arena);
	return rc;
}

static struct site *
in_force(const char *path)
{
	char dir[4096], run[4096], file[4096];
	struct site *site = NULL;
	struct yaml_error err;
	struct buf text;

	buf_init(&text);
	if (folder(path, dir, sizeof(dir)) == 0 &&
	    run_folder(dir, run, sizeof(run)) == 0 &&
	    io_join(file, sizeof(file), run, SITE_FILE) == 0 &&
	    io_read_file(file, YAML_BYTES, &text) == 0)
		site = site_parse(buf_view(&text), file, dir, &err);
	buf_fini(&text);
	return site;
}

struct site *
status_site(const char *path, struct buf *broken)
{
	struct yaml_error err;
	struct site *site = site_load(path, &err);

	if (site == NULL) {
		yaml_print(&err, broken);
		site = in_force(path);
	}
	if (site != NULL)
		succession_follow(site);
	return site;
}
