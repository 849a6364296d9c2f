/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "analyzer/command/case.h"
#include "analyzer/command/command.h"
#include "analyzer/command/role.h"
#include "common/cursor.h"
#include "common/io.h"
#include "common/log.h"
#include "common/text.h"
#include "common/utc.h"

/*
 * konseki case preserve: keep the evidence of a case, in one go (保全).  Each
 * step is a subcommand of its own, run as somebody would by hand, so that what
 * this does can be done step by step, and each is recorded as ever: a hold on
 * both logs, a package of each outside this machine, checkpoints on paper, and
 * what verification says of the packages.  What fails is said and the rest goes
 * on: half of it is better than none.
 */
#define DAYS_BEFORE 35 /* of a case's first evidence, unless --from says */
#define ARGS 20u
#define SAID_MAX 400u /* bytes of a step's last line that are recorded */

struct preserve {
	const struct case_call *c;
	const struct casebook_group *g;
	const char *dir; /* of packages and sheets */
	char hold[64], since[UTC_TEXT], until[UTC_TEXT];
	unsigned done, failed;
	struct buf text; /* what is recorded */
};

/* The rest of the first line that begins so; an empty one if none does. */
static struct span
line_of(struct span said, const char *begins)
{
	struct cursor c = cursor_make(said);
	struct span line, word = span_str(begins);

	while (cursor_left(&c) > 0) {
		line = cursor_until(&c, '\n');
		if (span_starts(line, word))
			return span_sub(line, word.len, line.len);
	}
	return span_make(NULL, 0);
}

/* What of it is worth a record: a package's hash, else the last line. */
static void
outcome(struct span said, struct buf *out)
{
	struct span s = line_of(said, "sha256 ");
	size_t i;

	if (s.len == 0) {
		s = text_trim(said);
		for (i = s.len; i > 0 && s.p[i - 1] != '\n'; i--)
			continue;
		s = span_sub(s, i, s.len);
	}
	text_escape(span_sub(s, 0, SAID_MAX), out);
}

static _Noreturn void
become(char *const argv[], int out)
{
	if (dup2(out, 1) == -1 || dup2(out, 2) == -1)
		_exit(127);
	execv("/proc/self/exe", argv);
	_exit(127);
}

/* Run this program once more; what it says is shown and kept.  Its status. */
static int
run(char *const argv[], struct buf *said)
{
	int fds[2], status = 0;
	char piece[4096];
	ssize_t n;
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) != 0)
		return -1;
	fflush(stdout);
	if ((pid = fork()) == 0)
		become(argv, fds[1]);
	close(fds[1]);
	while (pid > 0 && (n = read(fds[0], piece, sizeof(piece))) != 0) {
		if (n == -1 && errno == EINTR)
			continue;
		if (n < 0)
			break;
		buf_append(said, piece, (size_t)n);
		fwrite(piece, 1, (size_t)n, stdout);
		fflush(stdout);
	}
	close(fds[0]);
	while (pid > 0 && waitpid(pid, &status, 0) == -1 && errno == EINTR)
		continue;
	return pid > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* A step: its name, and the words of the subcommand up to NULL.  What it said
 * is appended to *said. */
static int
step(struct preserve *p, const char *name, const char *const words[],
    struct buf *said)
{
	char *argv[ARGS] = { 0 };
	struct buf line;
	size_t i, n = 0;
	int rc;

	argv[n++] = strdup("konseki");
	argv[n++] = strdup("--lang");
	argv[n++] = strdup(log_lang() == LOG_JA ? "ja" : "en");
	for (i = 0; words[i] != NULL && n + 3 < ARGS; i++)
		argv[n++] = strdup(words[i]);
	if (strcmp(words[0], "verify") != 0) { /* a package is of no site */
		argv[n++] = strdup("--site");
		argv[n++] = strdup(p->c->s->dir);
	}
	printf("== %s\n", name);
	rc = run(argv, said);
	for (i = 0; i < n; i++)
		free(argv[i]);
	p->done += rc == 0;
	p->failed += rc != 0;
	buf_init(&line);
	outcome(buf_view(said), &line);
	buf_printf(&p->text, "%s%s: %s %s", p->text.len > 0 ? "; " : "", name,
	    rc == 0 ? "OK" : tr("FAILED", "失敗"), buf_cstr(&line));
	buf_fini(&line);
	if (rc != 0)
		log_error(tr("%s failed; the rest goes on",
			      "%sに失敗しました。残りを続けます"),
		    name);
	return rc;
}

static void
hold(struct preserve *p, const char *log)
{
	const char *const words[] = { "retention", "--log", log, "hold",
		p->hold, "--since", "2000-01-01T00:00:00Z", "--until", p->until,
		"--basis", p->g->id, "--by",
		p->c->by != NULL ? p->c->by : p->c->name, NULL };
	struct buf said;

	buf_init(&said);
	(void)step(p,
	    strcmp(log, "evidence") == 0
		? tr("hold of the evidence log", "証跡ログの保全指定")
		: tr("hold of the casebook", "事案簿の保全指定"),
	    words, &said);
	buf_fini(&said);
}

static void
pack(struct preserve *p, const char *log)
{
	const char *const words[] = { "seal", "--log", log, "--for",
		tr("preservation", "保全（院外控え）"), "--why", p->g->id,
		"--authority",
		tr("konseki case preserve", "事案対応の証拠保全"),
		"--since", p->since, "--output", p->dir, NULL };
	const char *verify[] = { "verify", NULL, NULL };
	struct buf said, checked;
	struct span made;

	buf_init(&said);
	buf_init(&checked);
	if (step(p,
		strcmp(log, "evidence") == 0
		    ? tr("package of the evidence log", "証跡ログの封印・複写")
		    : tr("package of the casebook", "事案簿の封印・複写"),
		words, &said) == 0 &&
	    (made = line_of(buf_view(&said), "package ")).len > 0) {
		verify[1] = arena_str(p->c->arena, made);
		(void)step(p, tr("verification of it", "その検証"), verify,
		    &checked);
	}
	buf_fini(&said);
	buf_fini(&checked);
}

static void
anchor(struct preserve *p, const char *log)
{
	const char *const words[] = { "anchor", "sheet", "--log", log,
		"--output", p->dir, NULL };
	struct buf said;

	buf_init(&said);
	(void)step(p,
	    strcmp(log, "evidence") == 0
		? tr("checkpoint of the evidence log on paper",
		      "証跡ログのアンカー控え")
		: tr("checkpoint of the casebook on paper",
		      "事案簿のアンカー控え"),
	    words, &said);
	buf_fini(&said);
}

static int
begin(struct preserve *p)
{
	int64_t now = utc_now(), since = p->g->first - DAYS_BEFORE * UTC_DAY;
	struct utc_civil t;

	if (p->c->from != NULL &&
	    command_time(p->c->s, p->c->from, &since) != 0)
		return -1;
	utc_to_civil(now, p->c->s->zone, &t);
	snprintf(p->hold, sizeof(p->hold),
	    "case-%s-%04d%02d%02d%02d%02d%02d", p->g->id, t.year, t.month,
	    t.day, t.hour, t.minute, t.second);
	utc_print(since < 0 ? 0 : since - since % UTC_SECOND, 0, p->since);
	utc_print((now / UTC_SECOND + 60) * UTC_SECOND, 0, p->until);
	if (p->c->output != NULL) {
		p->dir = p->c->output;
		return 0;
	}
	p->dir = arena_printf(p->c->arena, "%s/%s", p->c->s->reports, p->hold);
	log_warn(tr("no --output DIR outside this machine: it is made in %s; "
		    "take it away (USB, another building) afterwards",
		     "院外・別媒体の --output が指定されていないため、%s に作成"
		     "します。終わったらUSBなど別の場所へ複写してください"),
	    p->dir);
	return 0;
}

int
case_preserve(const struct case_call *c, const struct casebook_group *g)
{
	static const char *const logs[] = { "evidence", "casebook" };
	struct casebook_step s = { .kind = CASEBOOK_PRESERVE,
		.group = g->id,
		.how = "command" };
	struct preserve p = { .c = c, .g = g };
	struct case_call recorded = *c;
	size_t i;
	int rc;

	if (!role_may(c->s, ROLE_ACT_PRESERVE) || !case_somebody(c) ||
	    begin(&p) != 0)
		return 1;
	if (io_mkdirs(p.dir, 0750) != 0) {
		log_errno(tr("cannot write to %s", "%s に書けません"), p.dir);
		return 1;
	}
	buf_init(&p.text);
	puts(tr("Nothing is to be initialised, reinstalled, updated, "
		"restarted or scanned before this has ended. Do not power "
		"off.",
	    "これが終わるまで、初期化・再インストール・ファームウェア更新・再起"
	    "動・全体スキャンをしないでください。電源は切らないでください。"));
	for (i = 0; i < 2; i++)
		hold(&p, logs[i]);
	for (i = 0; i < 2; i++)
		pack(&p, logs[i]);
	for (i = 0; i < 2; i++)
		anchor(&p, logs[i]);
	s.ok = p.failed == 0;
	recorded.comment = buf_cstr(&p.text);
	rc = case_enter(&recorded, &s);
	printf(tr("preserved in %s: %u step(s) done, %u failed\n",
		   "保全先 %s: 完了 %u件、失敗 %u件\n"),
	    p.dir, p.done, p.failed);
	buf_fini(&p.text);
	return rc != 0 || p.failed > 0;
}
