/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * konseki import: files into a log, through the writer.  A file is hashed as
 * it is, then handed over in lines that laid end to end are the file; the two
 * readings are compared, so that a file that changes under us is noticed.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analyzer/command/command.h"
#include "analyzer/command/events.h"
#include "common/buf.h"
#include "common/hex.h"
#include "common/io.h"
#include "common/log.h"
#include "common/sha256.h"
#include "common/text.h"
#include "evidence/record.h"
#include "site/client.h"
#include "site/site.h"

#define BLOCK ((size_t)1 << 20) /* bytes read at once */
#define RAW 65536		/* bytes of a record of what has no lines */

struct import {
	const char *site, *log, *encoding, *mapping, *source;
	bool replay;
	struct client *client;
	uint8_t *block;
};

struct file { /* one that is being imported */
	const char *path;
	int fd;
	uint64_t size;
	uint8_t hash[SHA256_LEN];
	enum text_encoding encoding;
	struct buf line; /* read and not yet handed over */
};

static int
client_fail(struct import *in, const char *path, enum client_err err)
{
	const char *detail = client_detail(in->client);

	log_error("%s: %s%s%s", path, client_strerror(err),
	    *detail != '\0' ? ": " : "", detail);
	return -1;
}

/* The first block says the encoding, but not by half a character at its end. */
static enum text_encoding
guess(struct span first)
{
	size_t bom, len = first.len;

	while (len > 0 && first.p[len - 1] != '\n')
		len--;
	return text_guess(span_sub(first, 0, len > 0 ? len : first.len), &bom);
}

/* Hash the file as it is. */
static int
file_hash(struct import *in, struct file *f)
{
	struct sha256 h;
	ssize_t n;

	sha256_init(&h);
	while ((n = io_read_up_to(f->fd, in->block, BLOCK)) > 0) {
		if (f->size == 0)
			f->encoding = guess(span_make(in->block, (size_t)n));
		sha256_update(&h, in->block, (size_t)n);
		f->size += (size_t)n;
		log_progress(tr("hashing", "ハッシュを計算中"), f->size, 0);
	}
	log_progress_end();
	sha256_final(&h, f->hash);
	if (n == 0 && lseek(f->fd, 0, SEEK_SET) == 0)
		return 0;
	log_errno("%s", f->path);
	return -1;
}

static int
file_open(struct import *in, struct file *f, const char *path)
{
	struct stat st;

	*f = (struct file){ .path = path };
	f->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (f->fd < 0 || fstat(f->fd, &st) != 0) {
		log_errno("%s", path);
		return -1;
	}
	if (!S_ISREG(st.st_mode)) {
		log_error(tr("%s: not a regular file",
			      "%s: 通常のファイルではありません"),
		    path);
		return -1;
	}
	if (file_hash(in, f) != 0)
		return -1;
	if (in->encoding != NULL &&
	    text_encoding_parse(span_str(in->encoding), &f->encoding) != 0)
		return -1; /* arguments() has checked it */
	return 0;
}

/* In UTF-16 a byte 0x0a is no line end. */
static bool
has_lines(const struct file *f)
{
	return f->encoding != TEXT_UTF16LE && f->encoding != TEXT_UTF16BE;
}

static int
stream_open(struct import *in, const struct file *f, uint32_t *stream)
{
	const char *name = strrchr(f->path, '/');
	char hex[2 * SHA256_LEN];
	struct buf w;
	enum client_err err;

	hex_print(f->hash, SHA256_LEN, hex);
	buf_init(&w);
	record_word(&w, "listener", SPAN("import"));
	record_word(&w, "transport", SPAN("import"));
	if (in->source != NULL)
		record_word(&w, "peer", span_str(in->source));
	record_word(&w, "framing", has_lines(f) ? SPAN("lf") : SPAN("raw"));
	record_word(&w, "replay", in->replay ? SPAN("yes") : SPAN("no"));
	record_word(&w, "program", SPAN("konseki"));
	record_word(&w, "file", span_str(name == NULL ? f->path : name + 1));
	record_word_u64(&w, "size", f->size);
	record_word(&w, "sha256", span_make(hex, sizeof(hex)));
	record_word(&w, "encoding", span_str(text_encoding_name(f->encoding)));
	if (in->mapping != NULL)
		record_word(&w, "mapping", span_str(in->mapping));
	err = client_stream(in->client, in->log, buf_view(&w), stream);
	buf_fini(&w);
	return err == CLIENT_OK ? 0 : client_fail(in, f->path, err);
}

/* The next record of in; *flags.  Empty: more must be read first. */
static struct span
record_next(const struct file *f, struct span in, bool last, unsigned *flags)
{
	const uint8_t *lf;
	size_t len;

	*flags = RECORD_IMPORTED;
	if (!has_lines(f))
		return in.len >= RAW || last ? span_sub(in, 0, RAW)
					     : span_sub(in, 0, 0);
	lf = in.len == 0 ? NULL : memchr(in.p, '\n', in.len);
	len = lf != NULL ? (size_t)(lf - in.p) + 1 : in.len;
	if (len > RECORD_BODY_MAX) {
		*flags |= RECORD_CUT;
		return span_sub(in, 0, RECORD_BODY_MAX);
	}
	if (lf != NULL)
		return span_sub(in, 0, len);
	if (!last)
		return span_sub(in, 0, 0);
	*flags |= RECORD_PARTIAL;
	return in;
}

static int
records_send(struct import *in, struct file *f, bool last)
{
	struct span rest = buf_view(&f->line), r;
	enum client_err err = CLIENT_OK;
	unsigned flags;

	while (rest.len > 0 && err == CLIENT_OK) {
		r = record_next(f, rest, last, &flags);
		if (r.len == 0)
			break;
		err = client_append(in->client, r, flags);
		rest = span_sub(rest, r.len, rest.len);
	}
	if (rest.len > 0)
		memmove(f->line.p, rest.p, rest.len);
	f->line.len = rest.len;
	return err == CLIENT_OK ? 0 : client_fail(in, f->path, err);
}

/* Hand the file over.  Return 0 if it is still what was hashed. */
static int
file_send(struct import *in, struct file *f)
{
	uint8_t hash[SHA256_LEN];
	uint64_t done = 0;
	struct sha256 h;
	ssize_t n;

	sha256_init(&h);
	do {
		n = io_read_up_to(f->fd, in->block, BLOCK);
		if (n < 0) {
			log_errno("%s", f->path);
			return -1;
		}
		sha256_update(&h, in->block, (size_t)n);
		buf_append(&f->line, in->block, (size_t)n);
		done += (size_t)n;
		log_progress(tr("importing", "取り込み中"), done, f->size);
	} while (records_send(in, f, n == 0) == 0 && n > 0);
	log_progress_end();
	if (n > 0)
		return -1;
	sha256_final(&h, hash);
	if (memcmp(hash, f->hash, sizeof(hash)) == 0)
		return 0;
	log_error(tr("%s: the file changed while it was imported: what was "
		     "imported is not what its hash says; import it again",
		      "%s: 取り込み中にファイルが変わりました。記録したハッシュ"
		      "と一致しません。もう一度取り込んでください"),
	    f->path);
	return -1;
}

static int
seal(struct import *in, const struct file *f, uint32_t stream)
{
	struct client_sealed s;
	enum client_err err = client_seal(in->client, in->log, &s);
	char hex[2 * SHA256_LEN];

	if (err != CLIENT_OK)
		return client_fail(in, f->path, err);
	hex_print(f->hash, SHA256_LEN, hex);
	printf("%s log=%s stream=%" PRIu32 " records=%" PRIu64, f->path,
	    in->log, stream, s.n);
	if (s.n > 0)
		printf(" index=%" PRIu64 "-%" PRIu64, s.first, s.last);
	printf(" size=%" PRIu64 " sha256=%.64s encoding=%s\n", f->size, hex,
	    text_encoding_name(f->encoding));
	fflush(stdout);
	return 0;
}

static int
import_file(struct import *in, const char *path)
{
	struct file f;
	uint32_t stream = 0;
	enum client_err err;
	int rc = -1;

	if (file_open(in, &f, path) == 0 && stream_open(in, &f, &stream) == 0) {
		if (!has_lines(&f))
			log_warn(tr("%s: UTF-16 is kept as it is, but not "
				    "read line by line",
				     "%s: "
				     "UTF-16のためそのまま保存しますが、行ご"
				     "とには解釈しません"),
			    path);
		rc = file_send(in, &f);
		err = client_end(in->client,
		    rc == 0 ? "end-of-file" : "file-changed");
		if (err != CLIENT_OK)
			rc = client_fail(in, path, err);
		else if (seal(in, &f, stream) != 0)
			rc = -1;
	}
	if (f.fd >= 0)
		close(f.fd);
	buf_fini(&f.line);
	return rc;
}

static int
arguments(struct import *in, int argc, char *argv[])
{
	static const struct option options[] = {
		{ "site", required_argument, NULL, 's' },
		{ "log", required_argument, NULL, 'l' },
		{ "encoding", required_argument, NULL, 'e' },
		{ "mapping", required_argument, NULL, 'm' },
		{ "source", required_argument, NULL, 'o' },
		{ "replay", no_argument, NULL, 'r' },
		{ NULL, 0, NULL, 0 },
	};
	enum text_encoding encoding;
	int c;

	optind = 1;
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 's')
			in->site = optarg;
		else if (c == 'l')
			in->log = optarg;
		else if (c == 'e')
			in->encoding = optarg;
		else if (c == 'm')
			in->mapping = optarg;
		else if (c == 'o')
			in->source = optarg;
		else if (c == 'r')
			in->replay = true;
		else
			return -1;
	}
	if (in->encoding != NULL && strcmp(in->encoding, "auto") == 0)
		in->encoding = NULL;
	if (in->encoding != NULL &&
	    text_encoding_parse(span_str(in->encoding), &encoding) != 0)
		return -1;
	return optind < argc ? 0 : -1;
}

/* A format that there is not would leave every line unread. */
static int
check_mapping(const struct import *in, const struct site *site)
{
	struct formats *f;
	int rc;

	if (in->mapping == NULL)
		return 0;
	if ((f = events_formats(events_rules(site))) == NULL)
		return -1;
	rc = events_check_format(f, in->mapping);
	formats_free(f);
	return rc;
}

static int
import_all(struct import *in, const struct site *site, int n, char *files[])
{
	enum client_err err;
	int i, status = 0;

	if ((err = client_open(&in->client, site->run)) != CLIENT_OK) {
		log_error("%s: %s", site->run, client_strerror(err));
		return 1;
	}
	for (i = 0; i < n && status == 0; i++)
		if (import_file(in, files[i]) != 0)
			status = 1;
	client_close(in->client);
	return status;
}

int
command_import(int argc, char *argv[])
{
	struct import in = { .log = "evidence" };
	struct site *site;
	int status = 1;

	if (arguments(&in, argc, argv) != 0)
		return command_usage("import",
		    "[--site DIR] [--log NAME] [--encoding "
		    "auto|utf-8|cp932|euc-jp] [--mapping FORMAT] [--source "
		    "NAME] [--replay] FILE...");
	if ((site = command_site(in.site)) == NULL)
		return 1;
	if (check_mapping(&in, site) == 0 && (in.block = malloc(BLOCK)) != NULL)
		status = import_all(&in, site, argc - optind, argv + optind);
	free(in.block);
	site_free(site);
	return status;
}
