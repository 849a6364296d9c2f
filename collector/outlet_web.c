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

enum put { PUT_OK, PUT_AT, PUT_DIFFERS, PUT_FAILED };

static void
say(const struct outlet *o, const struct anchored *l, const char *path,
    const char *why)
{
	if (!o->quiet)
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
		rc = PUT_DIFFERS;
		buf_str(&why,
		    tr("other bytes are there already",
			"異なる内容がすでにあります"));
	} else
		buf_printf(&why, "HTTP %u", a.status);
	if (rc == PUT_FAILED || rc == PUT_DIFFERS)
		say(o, l, strchr(path, '/') + 1, buf_cstr(&why));
	buf_fini(&why);
	web_answer_fini(&a);
	return rc;
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
		say(o, l, path,
		    tr("not a name of a log's file",
			"ログのファイル名ではありません"));
		return -1;
	}
	return put(o, l, &p, bytes, &at) == PUT_OK ? 0 : -1;
}

/* Send fd's bytes from where the other side is, which it says, to len. */
static int
send_parts(struct outlet *o, struct anchored *l, struct relay_path *p, int fd,
    uint64_t len)
{
	uint8_t *part = malloc(RELAY_PART_MAX);
	uint64_t at = 0;
	ssize_t n = 0;
	int rc = -1;

	for (p->offset = 0; part != NULL;) {
		switch (put(o, l, p, span_make(part, (size_t)n), &at)) {
		case PUT_OK:
			p->offset += (uint64_t)n;
			break;
		case PUT_AT:
			p->offset = at;
			break;
		case PUT_DIFFERS:
		case PUT_FAILED:
			goto done;
		}
		if (p->offset >= len)
			break;
		n = pread(fd, part,
		    len - p->offset < RELAY_PART_MAX ? (size_t)(len - p->offset)
						     : RELAY_PART_MAX,
		    (off_t)p->offset);
		if (n <= 0)
			goto done;
	}
	if (part != NULL && p->offset == len)
		rc = 0;
	else
		say(o, l, p->what == RELAY_EPOCHS ? "epochs" : "segments",
		    tr("more is there than here",
			"こちらより多くの内容があります"));
done:
	free(part);
	return rc;
}

static int
web_append(struct outlet *o, struct anchored *l, const char *path, int fd,
    uint64_t len)
{
	struct relay_path p = { .what = RELAY_EPOCHS };

	(void)path;
	return send_parts(o, l, &p, fd, len);
}

static int
web_segment(struct outlet *o, struct anchored *l, const struct manifest *m,
    int fd)
{
	struct relay_path p = { .what = RELAY_SEGMENT, .number = m->segment };

	return send_parts(o, l, &p, fd, m->gzip_len);
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
