/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/outlet_web.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/io.h"
#include "common/log.h"
#include "common/text.h"
#include "evidence/witness.h"
#include "site/relay.h"
#include "site/web.h"

#define SECRET_MAX 4096u
#define ASK_S 10u
#define ANSWER_MAX 4096u

enum put { PUT_OK, PUT_AT, PUT_NEVER, PUT_FAILED };

static void
say(const struct outlet *o, const struct anchored *l, const char *path,
    enum put what, const char *why)
{
	if (what == PUT_NEVER || !o->quiet)
		log_error(tr("log '%s': ALARM: cannot copy '%s' to '%s': %s",
			      "ログ「%s」: 警報: 「%s」を「%s」へ複写できませ"
			      "ん: %s"),
		    l->conf->name, path, o->where, why);
}

/* The first line of the file, alone in *secret. */
static int
secret_load(const struct outlet_web *o, struct buf *secret, struct buf *why)
{
	const char *file = o->site->anchor.relay.secret_file;
	struct span s;

	if (io_read_file(file, SECRET_MAX, secret) != 0) {
		buf_printf(why, "%s: %s", file, strerror(errno));
		return -1;
	}
	s = text_trim(buf_view(secret));
	if (s.len < RELAY_SECRET_MIN) {
		buf_printf(why,
		    tr("%s: a secret has at least %u bytes",
			"%s: 秘密は%uバイト以上が必要です"),
		    file, RELAY_SECRET_MIN);
		return -1;
	}
	memmove(secret->p, s.p, s.len);
	secret->len = s.len;
	return 0;
}

static int
ask(const struct outlet_web *o, const char *path, struct span body,
    struct web_answer *a, struct buf *why)
{
	const char *base = o->site->anchor.relay.url;
	size_t len = strlen(base);
	char auth[RELAY_AUTH_MAX], url[512];
	struct web_request r = { .method = WEB_PUT,
		.url = url,
		.type = "application/octet-stream",
		.body = body,
		.auth = auth,
		.ca = o->site->anchor.relay.ca,
		.max = ANSWER_MAX,
		.timeout_s = ASK_S,
		.stop = -1 };
	struct buf secret;
	int rc = -1;

	buf_init(&secret);
	snprintf(url, sizeof(url), "%s%s%s", base,
	    base[len - 1] == '/' ? "" : "/", path);
	if (secret_load(o, &secret, why) == 0) {
		relay_auth(buf_view(&secret), span_str(path), body, auth);
		rc = web_ask(&r, a, why);
	}
	if (secret.p != NULL)
		explicit_bzero(secret.p, secret.cap);
	buf_fini(&secret);
	return rc;
}

/* *at: with PUT_AT, where to go on. */
static enum put
put(const struct outlet *o, struct anchored *l, struct relay_path *p,
    struct span body, uint64_t *at)
{
	char path[RELAY_PATH_MAX];
	struct web_answer a;
	enum put rc = PUT_FAILED;
	struct buf why;

	sha256(span_str(l->desc.key.name), p->origin);
	relay_path_print(p, path);
	web_answer_init(&a);
	buf_init(&why);
	if (ask((const struct outlet_web *)o, path, body, &a, &why) != 0)
		;
	else if (a.status == 200)
		rc = PUT_OK;
	else if (a.status == 409 && strcmp(a.type, WITNESS_SIZE_TYPE) == 0 &&
	    witness_size_parse(buf_view(&a.body), at) == 0)
		rc = PUT_AT;
	else if (a.status == 409) {
		rc = PUT_NEVER;
		buf_str(&why,
		    tr("other bytes are there already",
			"異なる内容がすでにあります"));
	} else if (a.status == 422) {
		rc = PUT_NEVER;
		buf_str(&why,
		    tr("it is not what its name or manifest says",
			"名前またはマニフェストと一致しません"));
	} else
		anchored_refused(l, a.status, &why);
	if (rc == PUT_FAILED || rc == PUT_NEVER)
		say(o, l, strchr(path, '/') + 1, rc, buf_cstr(&why));
	buf_fini(&why);
	web_answer_fini(&a);
	return rc;
}

static int
outcome(enum put put)
{
	return put == PUT_OK ? 0 : put == PUT_NEVER ? 1 : -1;
}

static int
web_file(struct outlet *o, struct anchored *l, const char *path,
    struct span bytes, enum carry_how how)
{
	char whole[RELAY_PATH_MAX];
	struct relay_path p;
	uint64_t at;

	(void)how; /* the other side knows by the name */
	snprintf(whole, sizeof(whole), "%064d/%s", 0, path);
	if (relay_path_parse(span_str(whole), &p) != 0) {
		say(o, l, path, PUT_NEVER,
		    tr("not a name of a log's file",
			"ログのファイル名ではありません"));
		return 1;
	}
	return outcome(put(o, l, &p, bytes, &at));
}

/* The next part of fd, from p->offset on: its bytes, or -1. */
static ssize_t
part_read(int fd, const struct relay_path *p, uint64_t len, uint8_t *part)
{
	uint64_t left = len - p->offset;
	size_t want = left < RELAY_PART_MAX ? (size_t)left : RELAY_PART_MAX;

	return pread(fd, part, want, (off_t)p->offset);
}

/*
 * Send fd's bytes, from where the other side is to len.  An empty part asks
 * where that is; if it says so again in the middle, the next round will see.
 */
static enum put
send_parts(struct outlet *o, struct anchored *l, struct relay_path *p, int fd,
    uint64_t len, uint8_t *part)
{
	const char *what = p->what == RELAY_EPOCHS ? "epochs" : "segments";
	enum put rc = put(o, l, p, span_make(part, 0), &p->offset);
	uint64_t at;
	ssize_t n;

	while (rc == PUT_AT || rc == PUT_OK) {
		if (p->offset == len)
			return PUT_OK;
		if (p->offset > len) {
			say(o, l, what, PUT_NEVER,
			    tr("more is there than here",
				"こちらより多くの内容があります"));
			return PUT_NEVER;
		}
		if ((n = part_read(fd, p, len, part)) <= 0) {
			say(o, l, what, PUT_FAILED, strerror(errno));
			return PUT_FAILED;
		}
		rc = put(o, l, p, span_make(part, (size_t)n), &at);
		if (rc == PUT_AT)
			return PUT_FAILED;
		p->offset += (uint64_t)n;
	}
	return rc;
}

static int
send_file(struct outlet *o, struct anchored *l, struct relay_path *p, int fd,
    uint64_t len)
{
	uint8_t *part = malloc(RELAY_PART_MAX);
	enum put rc = PUT_FAILED;

	if (part != NULL)
		rc = send_parts(o, l, p, fd, len, part);
	free(part);
	return outcome(rc);
}

static int
web_append(struct outlet *o, struct anchored *l, const char *path, int fd,
    uint64_t len)
{
	struct relay_path p = { .what = RELAY_EPOCHS };

	(void)path;
	return send_file(o, l, &p, fd, len);
}

static int
web_segment(struct outlet *o, struct anchored *l, const struct manifest *m,
    int fd)
{
	struct relay_path p = { .what = RELAY_SEGMENT, .number = m->segment };

	return send_file(o, l, &p, fd, m->gzip_len);
}

void
outlet_web_init(struct outlet_web *o, const struct site *site)
{
	*o = (struct outlet_web){ .outlet = { .file = web_file,
				      .append = web_append,
				      .segment = web_segment,
				      .where = site->anchor.relay.url },
		.site = site };
}
