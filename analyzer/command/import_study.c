/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * The first reading of a file: its hash, those of the originals in it, and how
 * they are to be read.  Whatever is wrong with one is found before the first
 * record of any is written.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "analyzer/command/import.h"
#include "common/log.h"

#define HEAD 4096u /* bytes that show what a file is */

/* UTF-16 without a byte order mark: four ASCII characters say so. */
static bool
guess_utf16(struct span s, enum text_encoding *e)
{
	size_t i, little = 0, big = 0;

	for (i = 0; i + 1 < s.len && i < 8; i += 2) {
		little += s.p[i] >= ' ' && s.p[i] < 0x7F && s.p[i + 1] == 0;
		big += s.p[i] == 0 && s.p[i + 1] >= ' ' && s.p[i + 1] < 0x7F;
	}
	*e = little == 4 ? TEXT_UTF16LE : TEXT_UTF16BE;
	return little == 4 || big == 4;
}

/*
 * The first whole lines that are not plain ASCII say the encoding.  Blocks may
 * begin and end within a character.  False: nothing was learnt.
 */
static bool
guess(struct span block, bool first, enum text_encoding *e)
{
	const uint8_t *lf;
	size_t bom, len = block.len;

	if (first && guess_utf16(block, e))
		return true;
	if (!first) {
		lf = memchr(block.p, '\n', block.len);
		block = span_sub(block,
		    lf == NULL ? block.len : (size_t)(lf - block.p) + 1,
		    block.len);
		len = block.len;
	}
	while (len > 0 && block.p[len - 1] != '\n')
		len--;
	if (len > 0)
		block.len = len;
	*e = text_guess(block, &bom);
	return bom > 0 || *e != TEXT_UTF8 || text_ascii(block) < block.len;
}

/* The start of the text as UTF-8, to see what it is. */
static bool
looks_like_xml(const struct original *o, struct span head)
{
	struct span s;
	struct buf text;
	bool xml;

	buf_init(&text);
	(void)text_decode(o->encoding, span_sub(head, 0, HEAD), &text);
	s = buf_view(&text);
	if (span_starts(s, SPAN("\xEF\xBB\xBF")))
		s = span_sub(s, 3, s.len);
	s = text_trim(s);
	xml = span_starts(s, SPAN("<?xml")) || span_starts(s, SPAN("<Event"));
	xml = xml && memmem(s.p, s.len, "<Event", 6) != NULL;
	buf_fini(&text);
	return xml;
}

static bool
ends_with(const struct buf *name, const char *end)
{
	size_t n = strlen(end);

	return name->len >= n &&
	    strncasecmp((const char *)name->p + name->len - n, end, n) == 0;
}

/* How the original is cut, from its first block. */
static void
find_unit(const struct import *in, struct original *o, struct span head)
{
	const uint8_t *lf =
	    head.len == 0 ? NULL : memchr(head.p, '\n', head.len);
	struct span line =
	    lf == NULL ? head : span_sub(head, 0, (size_t)(lf - head.p));

	o->separator = in->table ? in->separator : ',';
	if (!in->table && line.len > 0 &&
	    memchr(line.p, ',', line.len) == NULL &&
	    memchr(line.p, '\t', line.len) != NULL)
		o->separator = '\t';
	if (in->unit != NULL)
		(void)split_unit_parse(span_str(in->unit), &o->unit);
	else if (looks_like_xml(o, head))
		o->unit = SPLIT_EVENT;
	else if (in->table || ends_with(&o->file, ".csv") ||
	    ends_with(&o->file, ".tsv"))
		o->unit = SPLIT_CSV;
	else
		o->unit = SPLIT_LINE;
}

static int
fail(const struct original *o, const char *what)
{
	log_error(tr("%s: %s; nothing of this file was imported",
		      "%s: %s（このファイルは何も取り込んでいません）"),
	    import_name(o), what);
	return -1;
}

/* Whether what can be read of a damaged original is wanted. */
static int
check_damage(const struct import *in, const struct original *o)
{
	const char *option = o->damage == UNPACK_BOMB ? "--large" : "--damaged";

	if (o->damage == UNPACK_NONE)
		return 0;
	if (o->damage != UNPACK_BOMB && in->damaged) {
		log_warn(tr("%s: %s; what can be read of it is taken: %llu "
			    "bytes",
			     "%s: %s（読み取れた%lluバイトを取り込みます）"),
		    import_name(o), unpack_strerror(o->damage),
		    (unsigned long long)o->size);
		return 0;
	}
	log_error(tr("%s: %s; nothing of this file was imported. Copy it "
		     "again, or take what can be read with %s",
		      "%s: %s（このファイルは何も取り込んでいません）。コピーし"
		      "直すか、%sで読み取れる分を取り込んでください"),
	    import_name(o), unpack_strerror(o->damage), option);
	return -1;
}

/*
 * gzip, ZIP, xz, 7z, Zstandard, bzip2 or tar, in a container too: taken as it
 * is, which nobody expects.
 */
static void
warn_packed(const struct import *in, const struct original *o, struct span head)
{
	const struct span marks[] = { SPAN("\x1F\x8B\x08"), SPAN("PK\3\4"),
		SPAN("\xFD\x37zXZ"), SPAN("7z\xBC\xAF\x27\x1C"),
		SPAN("\x28\xB5\x2F\xFD") };
	bool packed = span_starts(span_sub(head, 257, 5), SPAN("ustar")) ||
	    (span_starts(head, SPAN("BZh")) &&
		span_starts(span_sub(head, 4, 6), SPAN("1AY&SY")));
	size_t i;

	for (i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		packed = packed || span_starts(head, marks[i]);
	if (packed && !in->as_is)
		log_warn(tr("%s: this is an archive or packed itself; it is "
			    "taken as it is and nothing in it is analysed. "
			    "Unpack it and import the files in it",
			     "%s: "
			     "中身が圧縮ファイルまたはアーカイブです。その"
			     "まま保存し、中のログは分析しません。展開して"
			     "、中のファイルを取り込んでください"),
		    import_name(o));
}

static int
read_through(struct import *in, struct container *c, struct original *o)
{
	bool known = false;
	struct sha256 h;
	ssize_t n;

	sha256_init(&h);
	while (
	    (n = unpack_read(c->u, in->block, IMPORT_BLOCK, in->large)) > 0) {
		struct span block = span_make(in->block, (size_t)n);

		if (!known && in->encoding == NULL)
			known = guess(block, o->size == 0, &o->encoding);
		if (o->size == 0) {
			find_unit(in, o, block);
			warn_packed(in, o, block);
		}
		sha256_update(&h, in->block, (size_t)n);
		o->size += (size_t)n;
		log_progress(tr("hashing", "ハッシュを計算中"), o->size, 0);
		if (in->preview)
			return 0;
	}
	log_progress_end();
	sha256_final(&h, o->hash);
	return n < 0 ? fail(o, strerror(errno)) : 0;
}

static int
study(struct import *in, struct container *c, struct original *o)
{
	struct span raw;
	struct buf why;
	int rc;

	buf_init(&o->name);
	buf_init(&o->file);
	buf_init(&why);
	unpack_name(c->u, o->i, &o->file);
	buf_str(&o->name, c->path);
	if (unpack_kind(c->u) == UNPACK_ZIP) {
		buf_byte(&o->name, ':');
		buf_span(&o->name, buf_view(&o->file));
	}
	buf_cstr(&o->name);
	raw = buf_view(&o->file);
	if (raw.len > 0 && memrchr(raw.p, '/', raw.len) != NULL) {
		const uint8_t *slash = memrchr(raw.p, '/', raw.len);

		o->file.len -= (size_t)(slash - raw.p) + 1;
		memmove(o->file.p, slash + 1, o->file.len);
	}
	if (in->encoding != NULL)
		(void)text_encoding_parse(span_str(in->encoding),
		    &o->encoding); /* the arguments were checked */
	rc = unpack_start(c->u, o->i, &why);
	if (rc != 0)
		fail(o, buf_cstr(&why));
	else if ((rc = read_through(in, c, o)) == 0 && !in->preview) {
		o->damage = unpack_damaged(c->u);
		rc = check_damage(in, o);
	}
	buf_fini(&why);
	return rc;
}

/* The container as it is. */
static int
hash_container(struct import *in, struct container *c)
{
	struct sha256 h;
	uint64_t at = 0;
	ssize_t n;

	sha256_init(&h);
	while ((n = unpack_read_raw(c->u, in->block, IMPORT_BLOCK, at)) > 0) {
		sha256_update(&h, in->block, (size_t)n);
		at += (uint64_t)n;
		log_progress(tr("hashing", "ハッシュを計算中"), at,
		    unpack_size(c->u));
	}
	log_progress_end();
	sha256_final(&h, c->hash);
	if (n == 0)
		return 0;
	log_errno("%s", c->path);
	return -1;
}

int
import_study(struct import *in, struct container *c, const char *path)
{
	struct buf why;
	size_t i;
	int rc = 0;

	*c = (struct container){ .path = path };
	buf_init(&why);
	c->u = unpack_open(path, in->as_is, &why);
	if (c->u == NULL)
		log_error("%s: %s", path, buf_cstr(&why));
	buf_fini(&why);
	if (c->u == NULL)
		return -1;
	if (unpack_members(c->u) == 0) {
		log_error(tr("%s: there is no file in it",
			      "%s: 中にファイルがありません"),
		    path);
		return -1;
	}
	if (!in->preview && unpack_kind(c->u) != UNPACK_PLAIN &&
	    hash_container(in, c) != 0)
		return -1;
	c->originals = calloc(unpack_members(c->u), sizeof(*c->originals));
	if (c->originals == NULL)
		log_fatal("%s", tr("out of memory", "メモリが足りません"));
	for (i = 0; i < unpack_members(c->u) && rc == 0; i++) {
		c->originals[i].i = i;
		c->n = i + 1;
		rc = study(in, c, &c->originals[i]);
	}
	return rc;
}

void
import_forget(struct container *c)
{
	size_t i;

	for (i = 0; i < c->n; i++) {
		buf_fini(&c->originals[i].name);
		buf_fini(&c->originals[i].file);
	}
	free(c->originals);
	unpack_close(c->u);
}

struct split
import_split(const struct original *o, size_t max)
{
	return (struct split){ .unit = o->unit,
		.encoding = o->encoding,
		.separator = o->separator,
		.max = max };
}
