/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/forward_skip.h"

#include "common/log.h"

static const struct {
	const char *name, *en, *ja;
} whys[] = {
#define FORWARD_WHY(id, name, en, ja) { name, en, ja },
#include "collector/forward_why_tbl.h"
#undef FORWARD_WHY
};

/* A number, or "-" where it is not known. */
static void
word(struct buf *out, const char *key, bool known, uint64_t n)
{
	if (known)
		record_word_u64(out, key, n);
	else
		record_word(out, key, SPAN("-"));
}

static void
print(const struct forward_skip *s, struct buf *out)
{
	bool seen = s->from != 0; /* the records themselves */

	record_word(out, "action", SPAN("not-forwarded"));
	record_word(out, "target", span_str(s->conf->name));
	record_word(out, "origin", span_str(s->place->origin));
	record_word_u64(out, "first", s->first);
	word(out, "last", s->last != UINT64_MAX, s->last);
	word(out, "count", s->last != UINT64_MAX, s->count);
	word(out, "bytes", seen, s->bytes);
	word(out, "from", seen, s->from);
	word(out, "until", seen, s->until);
	record_word(out, "why", span_str(whys[s->why].name));
}

/*
 * What we told of a target is not told again where the target refuses that
 * too: it would never end.
 */
static bool
is_own(const struct record *r)
{
	struct buf value;
	bool own;

	if (r == NULL || r->kind != RECORD_OPERATOR)
		return false;
	buf_init(&value);
	own = record_word_get(r->body, "action", &value) == 1 &&
	    span_is(buf_view(&value), "not-forwarded");
	buf_fini(&value);
	return own;
}

int
forward_skip_tell(struct forward_skip *s)
{
	struct client_sealed sealed;
	enum client_err err;
	struct buf words;

	if (!s->any)
		return 0;
	if (s->writer == NULL)
		return -1;
	buf_init(&words);
	print(s, &words);
	err = client_operator(s->writer, s->conf->log_name, buf_view(&words));
	if (err == CLIENT_OK)
		err = client_seal(s->writer, s->conf->log_name, &sealed);
	buf_fini(&words);
	if (err != CLIENT_OK) {
		log_error(tr("target '%s': the writer cannot be told what is "
			     "not forwarded: %s",
			      "転送先「%s」: 転送しない記録を書き込みプロセスに"
			      "伝えられません: %s"),
		    s->conf->name, client_strerror(err));
		s->writer = NULL; /* it ends, and we begin anew with it */
		return -1;
	}
	log_warn(tr(s->count == 1 ? "target '%s': %llu record, %llu, is not "
				    "forwarded: %s"
				  : "target '%s': %llu records from %llu on "
				    "are not forwarded: %s",
		     "転送先「%s」: 記録%llu件（%lluから）は転送しません: %s"),
	    s->conf->name, (unsigned long long)s->count,
	    (unsigned long long)s->first, tr(whys[s->why].en, whys[s->why].ja));
	s->place->told = s->last == UINT64_MAX ? UINT64_MAX : s->last + 1;
	s->place->skipped += s->count;
	s->any = false;
	return 0;
}

int
forward_skip_add(struct forward_skip *s, uint64_t first, uint64_t last,
    const struct record *r, enum forward_why why)
{
	if (last < s->place->told)
		return 0;
	if (is_own(r)) {
		s->place->skipped++;
		return 0;
	}
	if (s->any && (s->why != why || r == NULL || s->from == 0) &&
	    forward_skip_tell(s) != 0)
		return -1;
	if (!s->any) {
		s->any = true;
		s->why = why;
		s->first = first;
		s->count = s->bytes = 0;
		s->from = r == NULL ? 0 : r->rx;
	}
	s->last = last;
	s->count += last == UINT64_MAX ? 0 : last - first + 1;
	if (r != NULL) {
		s->bytes += r->body.len;
		s->until = r->rx;
	}
	return 0;
}
