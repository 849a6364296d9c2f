/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * konseki import: files into a log, through the writer.  A file is read twice:
 * to hash it and to see what it is, then to hand it over.  See import.h.
 */
#include "analyzer/command/import.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/command/command.h"
#include "analyzer/command/events.h"
#include "analyzer/command/import_cell.h"
#include "common/io.h"
#include "common/log.h"
#include "common/num.h"

#define ROWS 10u	       /* of a preview, unless said */
#define MAPPING_MAX (4u << 20) /* bytes of a format file */

static const struct option options[] = {
	{ "site", required_argument, NULL, 's' },
	{ "log", required_argument, NULL, 'l' },
	{ "encoding", required_argument, NULL, 'e' },
	{ "mapping", required_argument, NULL, 'm' },
	{ "source", required_argument, NULL, 'o' },
	{ "records", required_argument, NULL, 'u' },
	{ "rows", required_argument, NULL, 'n' },
	{ "replay", no_argument, NULL, 'r' },
	{ "as-is", no_argument, NULL, 'x' },
	{ "again", no_argument, NULL, 'a' },
	{ "damaged", no_argument, NULL, 'd' },
	{ "large", no_argument, NULL, 'g' },
	{ "preview", no_argument, NULL, 'p' },
	{ NULL, 0, NULL, 0 },
};

#define ENCODINGS "auto|utf-8|cp932|euc-jp|iso-2022-jp|utf-16le|utf-16be"
#define UNITS "auto|line|csv|event|raw"

/* What an option takes; and -1. */
static int
wrong(const char *option, const char *value, const char *allowed)
{
	log_error(tr("%s does not take '%s': it takes %s",
		      "%sに「%s」は指定できません。指定できるのは%sです"),
	    option, value, allowed);
	return -1;
}

static int
set_rows(struct import *in, const char *value)
{
	uint64_t n;

	if (num_parse(span_str(value), IMPORT_ROWS_MAX, &n) != 0 || n == 0)
		return wrong("--rows", value,
		    tr("a number from 1 to 1000", "1から1000までの数"));
	in->rows = (unsigned)n;
	return 0;
}

/* An option with a value; -1: it was said what is wrong, or c is no option. */
static int
set_value(struct import *in, int c, const char *value)
{
	enum text_encoding encoding;
	enum split_unit unit;

	switch (c) {
	case 's':
		in->site_dir = value;
		return 0;
	case 'l':
		in->log = value;
		return 0;
	case 'm':
		in->mapping = value;
		return 0;
	case 'o':
		in->source = value;
		return 0;
	case 'e':
		in->encoding = strcmp(value, "auto") == 0 ? NULL : value;
		if (in->encoding == NULL ||
		    text_encoding_parse(span_str(value), &encoding) == 0)
			return 0;
		return wrong("--encoding", value, ENCODINGS);
	case 'u':
		in->unit = strcmp(value, "auto") == 0 ? NULL : value;
		if (in->unit == NULL ||
		    split_unit_parse(span_str(value), &unit) == 0)
			return 0;
		return wrong("--records", value, UNITS);
	case 'n':
		return set_rows(in, value);
	default:
		return -1;
	}
}

static int
arguments(struct import *in, int argc, char *argv[])
{
	int c;

	optind = 1;
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'r')
			in->replay = true;
		else if (c == 'x')
			in->as_is = true;
		else if (c == 'a')
			in->again = true;
		else if (c == 'd')
			in->damaged = true;
		else if (c == 'g')
			in->large = true;
		else if (c == 'p')
			in->preview = true;
		else if (set_value(in, c, optarg) != 0)
			return -1;
	}
	if (in->rows > 0 && !in->preview) {
		log_error("%s",
		    tr("--rows is for --preview: nothing but a preview shows "
		       "rows",
			"--rowsは--previewとともに指定してください"));
		return -1;
	}
	if (in->rows == 0)
		in->rows = ROWS;
	return optind < argc ? 0 : -1;
}

/* A format that there is not would leave every line unread. */
static int
load_mapping(struct import *in)
{
	struct buf text;
	const char *file;
	int rc = -1;

	if (in->mapping == NULL && !in->preview)
		return 0;
	if ((in->formats = events_formats(events_rules(in->site))) == NULL ||
	    events_check_format(in->formats, in->mapping) != 0)
		return -1;
	if (in->mapping == NULL)
		return 0;
	in->table = formats_is_table(in->formats, in->mapping, &in->separator);
	file = formats_file(in->formats, in->mapping);
	buf_init(&text);
	if (io_read_file(file, MAPPING_MAX, &text) == 0) {
		sha256(buf_view(&text), in->mapping_hash);
		rc = 0;
	} else
		log_errno("%s", file);
	buf_fini(&text);
	return rc;
}

/* A log that files may go into: what listeners may not write to they do not. */
static int
check_log(const struct import *in)
{
	if (site_log(in->site, in->log) == NULL)
		log_error(tr("there is no log '%s'", "ログ「%s」はありません"),
		    in->log);
	else if (strcmp(in->log, "casebook") == 0)
		log_error("%s",
		    tr("the casebook takes no files: it holds what konseki and "
		       "its users did. Import into another log (--log)",
			"事案簿（casebook）にはファイルを取り込めません。konsek"
			"iと利用者の操作の記録だけを入れます。--logで別のログを"
			"指定してください"));
	else
		return 0;
	return -1;
}

/* The writer, and what was imported before. */
static int
open_writer(struct import *in)
{
	enum client_err err;
	struct buf why;

	if ((err = client_open(&in->client, in->site->run)) != CLIENT_OK) {
		log_error("%s: %s", in->site->run, client_strerror(err));
		return -1;
	}
	buf_init(&why);
	in->book = book_open(in->site, &why);
	if (in->book == NULL && !in->again)
		log_error(tr("whether a file was imported before is not known: "
			     "%s; --again imports it all the same",
			      "取り込み済みかどうか確認できません: "
			      "%s（--againを付けると確認せずに取り込みます）"),
		    buf_cstr(&why));
	buf_fini(&why);
	return in->book == NULL && !in->again ? -1 : 0;
}

static enum import_end
import_path(struct import *in, const char *path)
{
	enum import_end end = IMPORT_DONE, one;
	struct container c;
	size_t i;

	if (import_study(in, &c, path) != 0)
		end = IMPORT_REFUSED;
	else if (in->preview)
		end =
		    import_preview(in, &c) == 0 ? IMPORT_DONE : IMPORT_REFUSED;
	else
		for (i = 0; i < c.n && end != IMPORT_STOPPED; i++)
			if ((one = import_send(in, &c, &c.originals[i])) !=
			    IMPORT_DONE)
				end = one;
	import_forget(&c);
	return end;
}

static int
import_all(struct import *in, int n, char *files[])
{
	enum import_end end = IMPORT_DONE;
	int i, status = 0;

	if (check_log(in) != 0 || load_mapping(in) != 0 ||
	    (!in->preview && open_writer(in) != 0) ||
	    import_cell(files, (size_t)n) != 0)
		return 1;
	for (i = 0; i < n && end != IMPORT_STOPPED; i++) {
		end = import_path(in, files[i]);
		if (end != IMPORT_DONE)
			status = 1;
	}
	return status;
}

int
command_import(int argc, char *argv[])
{
	struct import in = { .log = "evidence" };
	struct site *site;
	int status;

	if (arguments(&in, argc, argv) != 0)
		return command_usage("import",
		    "[--site DIR] [--log NAME] [--preview [--rows N]] "
		    "[--encoding " ENCODINGS "] [--records " UNITS "] "
		    "[--mapping FORMAT] [--source NAME] [--replay] [--as-is] "
		    "[--again] [--damaged] [--large] FILE...");
	if ((site = command_site(in.site_dir)) == NULL)
		return 1;
	in.site = site;
	if ((in.block = malloc(IMPORT_BLOCK)) == NULL)
		log_fatal("%s", tr("out of memory", "メモリが足りません"));
	status = import_all(&in, argc - optind, argv + optind);
	client_close(in.client);
	book_close(in.book);
	formats_free(in.formats);
	free(in.block);
	site_free(site);
	return status;
}
