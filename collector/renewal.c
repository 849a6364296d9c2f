/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/renewal.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "common/hex.h"
#include "common/io.h"
#include "common/log.h"
#include "common/utc.h"
#include "evidence/logfile.h"
#include "site/succession.h"

/* One part in so many of the epochs is left: of five years, a week. */
#define RENEWAL_PART 256u

bool
renewal_is_due(const struct sink *s)
{
	return s->conf->generation < SUCCESSION_MAX &&
	    evlog_epochs_left(s->log) <= evlog_epochs(s->log) / RENEWAL_PART;
}

static void
words(const struct logfile *l, struct span text, struct buf *out)
{
	uint8_t hash[SHA256_LEN];
	struct buf key;

	buf_init(&key);
	note_key_print(&l->key, &key);
	sha256(text, hash);
	record_word_u64(out, "uid", (uint64_t)getuid());
	record_word(out, "action", SPAN("successor"));
	record_word(out, "origin", span_str(l->key.name));
	record_word(out, "key", buf_view(&key));
	record_word_u64(out, "height", l->height);
	record_word_u64(out, "seconds", l->seconds);
	record_word_hash(out, "root", l->r);
	record_word_hash(out, "sha256", hash);
	buf_fini(&key);
}

static int
certify(struct sink *s, struct span text)
{
	struct record r = { .kind = RECORD_OPERATOR,
		.rx = (uint64_t)utc_now() };
	struct logfile l;
	struct buf body;
	unsigned line;
	int rc;

	if (logfile_parse(text, &l, &line) != 0) {
		log_error(tr("%s.%u/%s, line %u: not as the format says",
			      "%s.%u/%sの%u行目: 形式どおりではありません"),
		    s->conf->first_dir, s->conf->generation + 1,
		    SUCCESSION_PENDING, line);
		return -1;
	}
	buf_init(&body);
	words(&l, text, &body);
	r.body = buf_view(&body);
	rc = sink_append(s, &r, NULL) == EVLOG_OK ? 0 : -1;
	buf_fini(&body);
	return rc;
}

int
renewal_certify(struct sink *s, int pending, uint64_t *size)
{
	char text[LOGFILE_MAX];
	ssize_t n = io_read_up_to(pending, text, sizeof(text));

	if (n < 0) {
		log_errno(tr("log '%s': its successor cannot be read",
			      "ログ「%s」: 後継のログを読めません"),
		    s->conf->name);
		return -1;
	}
	if (certify(s, span_make(text, (size_t)n)) != 0)
		return -1;
	*size = evlog_size(s->log);
	return 0;
}

int
renewal_enforce(const struct sink *s, const struct site *site)
{
	struct generation g;
	int dir = -1, rc = -1;

	if (generation_find(site, s->conf, s->conf->generation + 1, &g) == 0)
		dir = open(g.dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir >= 0 && renameat(dir, SUCCESSION_PENDING, dir, "log") == 0 &&
	    fsync(dir) == 0)
		rc = 0;
	else
		log_errno(tr("log '%s': its successor cannot be used",
			      "ログ「%s」: 後継のログを使えません"),
		    s->conf->name);
	if (dir >= 0)
		close(dir);
	return rc;
}
