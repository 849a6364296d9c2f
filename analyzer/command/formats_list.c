/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdio.h>
#include <string.h>

#include "analyzer/command/formats.h"
#include "analyzer/format/about.h"
#include "common/io.h"
#include "common/json.h"
#include "common/log.h"

/* konseki formats list: the formats, their files, what they are made from. */

/* Whether it was made without a line of a real device. */
static bool
is_manual(const char *path)
{
	struct buf file;
	bool manual;

	buf_init(&file);
	manual = io_read_file(path, YAML_BYTES, &file) == 0 &&
	    about_manual(buf_view(&file), NULL);
	buf_fini(&file);
	return manual;
}

static void
json_member(struct buf *out, const char *name, const char *value)
{
	json_quote(out, span_str(name));
	buf_byte(out, ':');
	json_quote(out, span_str(value));
	buf_byte(out, ',');
}

static void
list_json(const struct formats *f, size_t i, struct buf *out)
{
	const char *file = formats_file(f, formats_name(f, i));

	buf_byte(out, '{');
	json_member(out, "format", formats_name(f, i));
	json_member(out, "title", formats_title(f, i));
	json_member(out, "file", file);
	json_member(out, "reference", formats_reference(f, i));
	json_member(out, "knowledge", is_manual(file) ? "manual" : "lines");
	buf_printf(out, "\"examples\":%zu}\n", formats_example_count(f, i));
}

static void
list_text(const struct formats *f, size_t i, int width, struct buf *out)
{
	const char *file = formats_file(f, formats_name(f, i));

	buf_printf(out,
	    tr("%-*s  %3zu examples  %s  %s (%s)\n",
		"%-*s  例%3zu件  %s  %s（%s）\n"),
	    width, formats_name(f, i), formats_example_count(f, i),
	    is_manual(file) ? tr("manual only ", "資料のみ")
			    : tr("device lines", "実機の行"),
	    formats_title(f, i), file);
}

int
formats_list(struct formats_call *c)
{
	struct formats *f;
	struct buf out;
	size_t i, width = 0;

	if (c->narg > 0)
		return 2;
	if ((f = formats_called(c)) == NULL)
		return 1;
	for (i = 0; i < formats_count(f); i++)
		if (strlen(formats_name(f, i)) > width)
			width = strlen(formats_name(f, i));
	buf_init(&out);
	for (i = 0; i < formats_count(f); i++) {
		out.len = 0;
		if (c->json)
			list_json(f, i, &out);
		else
			list_text(f, i, (int)width, &out);
		fwrite(out.p, 1, out.len, stdout);
	}
	buf_fini(&out);
	formats_free(f);
	return fflush(stdout) == 0 ? 0 : 1;
}
