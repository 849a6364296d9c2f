/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "common/yaml.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <strings.h>

#include "common/io.h"
#include "common/log.h"
#include "common/text.h"

/* Cut at the end of a character, so that what fits is still UTF-8. */
static void
cut_utf8(char *s, size_t size)
{
	size_t len = strlen(s), n = len;

	if (len + 1 < size)
		return;
	while (n > 0 && len - n < 4 && !text_is_utf8(span_make(s, n)))
		n--;
	if (len - n < 4)
		s[n] = '\0';
}

int
yaml_fail(struct yaml_error *err, const char *file, const struct yaml_node *at,
    const char *fmt, ...)
{
	va_list ap;

	err->line = at == NULL ? 0 : at->line;
	err->col = at == NULL ? 0 : at->col;
	va_start(ap, fmt);
	if (vsnprintf(err->what, sizeof(err->what), fmt, ap) < 0)
		err->what[0] = '\0';
	va_end(ap);
	if (snprintf(err->file, sizeof(err->file), "%s", file) < 0)
		err->file[0] = '\0';
	cut_utf8(err->what, sizeof(err->what));
	cut_utf8(err->file, sizeof(err->file));
	return -1;
}

void
yaml_print(const struct yaml_error *err, struct buf *out)
{
	buf_str(out, err->file);
	if (err->line != 0)
		buf_printf(out, ":%u:%u", err->line, err->col);
	buf_printf(out, ": %s", err->what);
}

void
yaml_report(const struct yaml_error *err)
{
	struct buf text;

	buf_init(&text);
	yaml_print(err, &text);
	log_error("%s", buf_cstr(&text));
	buf_fini(&text);
}

struct yaml_node *
yaml_load(const char *path, struct arena *arena, struct yaml_error *err)
{
	struct yaml_node *root = NULL;
	struct buf text;

	buf_init(&text);
	if (io_read_file(path, YAML_BYTES, &text) == 0)
		root = yaml_parse(buf_view(&text), path, arena, err);
	else if (errno == EFBIG)
		yaml_fail(err, path, NULL,
		    tr("longer than %u bytes", "%u バイトを超えています"),
		    YAML_BYTES);
	else
		yaml_fail(err, path, NULL,
		    tr("cannot be read: %s", "読めません: %s"),
		    strerror(errno));
	buf_fini(&text);
	return root;
}

struct yaml_node *
yaml_get(const struct yaml_node *map, const char *key)
{
	struct yaml_node *n;

	if (map->kind != YAML_MAP)
		return NULL;
	for (n = map->first; n != NULL; n = n->next)
		if (span_is(n->key, key))
			return n;
	return NULL;
}

int
yaml_bool(const struct yaml_node *n, bool *value)
{
	static const char *const words[] = { "false", "true", "no", "yes",
		"off", "on" };
	size_t i;

	if (n->kind != YAML_SCALAR || !n->plain)
		return -1;
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (n->text.len == strlen(words[i]) &&
		    strcasecmp((const char *)n->text.p, words[i]) == 0) {
			*value = i % 2 != 0;
			return 0;
		}
	return -1;
}
