/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/anchored.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/io.h"
#include "common/log.h"
#include "evidence/outside.h"
#include "evidence/witness.h"

int
anchored_open(struct anchored *l)
{
	unsigned line = 0;
	struct buf text;
	int rc = -1;

	if (l->dir >= 0)
		return 0;
	buf_init(&text);
	l->dir = open(l->conf->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (l->dir < 0 ||
	    io_read_file_at(l->dir, "log", LOGFILE_MAX, &text) != 0)
		log_errno("%s/log", l->conf->dir);
	else if (logfile_parse(buf_view(&text), &l->desc, &line) != 0)
		log_error(tr("%s/log, line %u: not as the format says",
			      "%s/logの%u行目: 形式どおりではありません"),
		    l->conf->dir, line);
	else
		rc = 0;
	buf_fini(&text);
	if (rc != 0)
		anchored_close(l);
	return rc;
}

void
anchored_close(struct anchored *l)
{
	if (l->dir >= 0)
		close(l->dir);
	l->dir = -1;
}

int
anchored_newest(const struct anchored *l, struct buf *note,
    struct checkpoint *c)
{
	struct note n;

	note->len = 0;
	if (io_read_file_at(l->dir, "checkpoint", NOTE_MAX, note) != 0)
		return -1;
	if (checkpoint_read(buf_view(note), &n, c) == NOTE_OK)
		return 0;
	errno = EBADMSG;
	return -1;
}

/* The line of the log's key in a note; n->n: it has none. */
static size_t
own_line(const struct anchored *l, const struct note *n)
{
	size_t i;

	for (i = 0; i < n->n; i++)
		if (note_verify(n, i, &l->desc.key) == NOTE_OK)
			break;
	return i;
}

/* Whether it is a checkpoint of this log with its signature. */
static bool
is_ours(const struct anchored *l, struct span in, struct checkpoint *c)
{
	struct note n;

	return note_parse(in, &n) == NOTE_OK &&
	    checkpoint_parse(n.text, c) == 0 &&
	    span_is(c->origin, l->desc.key.name) && own_line(l, &n) < n.n;
}

static void
print_note(const struct anchored *l, struct span note, size_t room,
    struct buf *out)
{
	struct note n;

	if (note.len <= room) {
		buf_span(out, note);
		return;
	}
	(void)note_parse(note, &n); /* it is ours */
	n.sig[0] = n.sig[own_line(l, &n)];
	n.n = 1;
	note_print(&n, out);
}

static void
tell_rolled(struct anchored *l, struct span note, const char *where)
{
	struct buf text;

	if (l->rolled)
		return;
	l->rolled = true;
	buf_init(&text);
	buf_printf(&text, "rolled %zu %.*s\n", l->number, (int)OUTSIDE_FROM - 1,
	    where);
	print_note(l, note, ANCHORED_TOLD_MAX - text.len, &text);
	(void)send(l->control, text.p, text.len,
	    MSG_NOSIGNAL); /* a parent that is gone shows in the loop */
	buf_fini(&text);
}

int
anchored_prove(const struct anchored *l, struct prove **p, struct buf *why)
{
	return prove_open(p, l->conf->dir, l->cache, why);
}

/* Whether the log had another root when it was of that checkpoint's size. */
static bool
differs(const struct anchored *l, const struct checkpoint *c)
{
	uint8_t root[SHA256_LEN];
	struct prove *p = NULL;
	bool other = false;
	struct buf why;

	buf_init(&why);
	if (anchored_prove(l, &p, &why) != 0 ||
	    prove_root_at(p, c->size, root, &why) != 0)
		log_warn(tr("log '%s': its root at size %llu cannot be "
			    "computed: %s",
			     "ログ「%s」: "
			     "件数%lluの時点のルートを計算できません"
			     ": %s"),
		    l->conf->name, (unsigned long long)c->size, buf_cstr(&why));
	else
		other = memcmp(root, c->root, SHA256_LEN) != 0;
	prove_close(p);
	buf_fini(&why);
	return other;
}

int
anchored_judge(struct anchored *l, struct span note, const char *where,
    uint64_t *size)
{
	struct checkpoint c, own;
	struct buf newest;

	if (!is_ours(l, note, &c))
		return 0;
	*size = c.size;
	buf_init(&newest);
	if (anchored_newest(l, &newest, &own) != 0)
		log_errno("%s/checkpoint", l->conf->dir);
	else if (c.size > own.size) {
		log_error(tr("log '%s': ALARM: it has %llu records, but its "
			     "checkpoint at %s %llu: it was rolled back",
			      "ログ「%s」: 警報: 記録は%llu件ですが、%sにあるチ"
			      "ェックポイントは%llu件です。巻き戻された疑いが"
			      "あります"),
		    l->conf->name, (unsigned long long)own.size, where,
		    (unsigned long long)c.size);
		tell_rolled(l, note, where);
	} else if (differs(l, &c)) {
		log_error(tr("log '%s': ALARM: its checkpoint of size %llu at "
			     "%s has another root: there are two logs",
			      "ログ「%s」: 警報: 件数%lluのチェックポイントが%s"
			      "にあるものと異なります。ログが二つあります"),
		    l->conf->name, (unsigned long long)c.size, where);
		tell_rolled(l, note, where);
	}
	buf_fini(&newest);
	return 1;
}

void
anchored_refused(const struct anchored *l, unsigned status, struct buf *why)
{
	struct buf key;

	buf_printf(why, "HTTP %u", status);
	if (status != WITNESS_UNKNOWN || l->conf->generation < 2)
		return;
	buf_init(&key);
	note_key_print(&l->desc.key, &key);
	buf_printf(why,
	    tr(" (this log follows another: is its key in DIR/logs there? "
	       "Add the line %s and send konseki-witness SIGHUP)",
		"（このログは後継です。相手のDIR/logsに次の行を加え、"
		"konseki-witnessにSIGHUPを送ってください: %s）"),
	    buf_cstr(&key));
	buf_fini(&key);
}

void
outage_begin(struct outage *o, const struct anchored *l, const char *where,
    const char *why)
{
	if (o->down)
		return;
	o->down = true;
	log_error(tr("log '%s': ALARM: no anchor from %s: %s; it is tried "
		     "again",
		      "ログ「%s」: 警報: %sから外部の証拠が得られません: %s。再"
		      "試行を続けます"),
	    l->conf->name, where, why);
}

void
outage_end(struct outage *o, const struct anchored *l, const char *where)
{
	if (!o->down)
		return;
	o->down = false;
	log_info(tr("log '%s': anchors from %s again",
		     "ログ「%s」: %sから外部の証拠が再び得られました"),
	    l->conf->name, where);
}
