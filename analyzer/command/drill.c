/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <arpa/inet.h>
#include <dirent.h>
#include <getopt.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "analyzer/case/contacts.h"
#include "analyzer/case/scenario.h"
#include "analyzer/case/submit.h"
#include "analyzer/command/command.h"
#include "analyzer/command/drill_site.h"
#include "analyzer/command/events.h"
#include "analyzer/command/pageout.h"
#include "analyzer/command/role.h"
#include "analyzer/report/drillpage.h"
#include "common/io.h"
#include "common/log.h"
#include "common/num.h"
#include "common/utc.h"

/*
 * konseki drill: a scenario through the whole way, from a listener to the
 * people, in a site of its own (drill_site.h); how long it took to notice,
 * tell, take and report; the record of it.  Of the real logs only the casebook
 * gets a record, which says that there was a drill.
 */
#define FILE_BYTES (64u << 20)
#define DRILLS "drills"
#define SUFFIX ".drill"
#define WAIT_MIN 30

struct drill {
	const char *site_dir, *lang, *output, *by, *log;
	const char *history[8];
	size_t n_history;
	uint64_t wait_min;
	struct site *site;
	struct arena *arena;
	struct contacts contacts;
	struct scenario scenario;
	struct buf bytes; /* of the scenario */
	struct drill_site d;
	int64_t played;
};

static volatile sig_atomic_t stopped;

static void
stop(int signo)
{
	(void)signo;
	stopped = 1;
}

static int
usage(void)
{
	return command_usage("drill",
	    "list | NAME | --log FILE [--history FILE]... --by ID\n"
	    "    [--wait MIN] [--site DIR] [--lang en|ja] [--output DIR]");
}

/* ---- scenarios ---- */

static int
load_file(struct drill *d, const char *path, bool as_log)
{
	const char *slash = strrchr(path, '/');
	struct buf why;
	unsigned line = 0;
	int rc = -1;

	buf_init(&why);
	if (io_read_file(path, FILE_BYTES, &d->bytes) != 0)
		log_errno(tr("cannot read %s", "%s を読めません"), path);
	else if (as_log)
		rc = scenario_of_log(buf_view(&d->bytes),
		    slash == NULL ? path : slash + 1, d->arena, &d->scenario,
		    &why);
	else
		rc = scenario_parse(buf_view(&d->bytes), d->arena,
		    &d->scenario, &line, &why);
	if (why.len > 0)
		log_error("%s:%u: %s", path, line, buf_cstr(&why));
	buf_fini(&why);
	return rc;
}

/* Its file below the rules; a name is letters, so it leads nowhere else. */
static int
load_named(struct drill *d, const char *name)
{
	const char *path = arena_printf(d->arena, "%s/" DRILLS "/%s" SUFFIX,
	    events_rules(d->site), name);

	if (name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-")] ==
		'\0' &&
	    access(path, R_OK) == 0)
		return load_file(d, path, false);
	log_error(tr("there is no scenario '%s'; see konseki drill list",
		      "シナリオ「%s」はありません（konseki drill list）"),
	    name);
	return -1;
}

static int
is_scenario(const struct dirent *de)
{
	const char *dot = strrchr(de->d_name, '.');

	return dot != NULL && strcmp(dot, SUFFIX) == 0;
}

static int
list(struct drill *d)
{
	const char *dir = arena_printf(d->arena, "%s/" DRILLS,
	    events_rules(d->site));
	struct dirent **names;
	int i, n = scandir(dir, &names, is_scenario, alphasort);

	if (n < 0) {
		log_errno(tr("cannot read %s", "%s を読めません"), dir);
		return 1;
	}
	for (i = 0; i < n; i++) {
		names[i]->d_name[strlen(names[i]->d_name) - strlen(SUFFIX)] =
		    '\0';
		d->bytes.len = 0;
		if (load_named(d, names[i]->d_name) == 0)
			printf("%-10s  %s\n            %s\n",
			    names[i]->d_name,
			    tr(d->scenario.title_en, d->scenario.title_ja),
			    tr(d->scenario.about_en, d->scenario.about_ja));
		free(names[i]);
	}
	free(names);
	return 0;
}

/* ---- playing ---- */

static void
nap(int64_t usec)
{
	const struct timespec ts = { .tv_sec = usec / UTC_SECOND,
		.tv_nsec = usec % UTC_SECOND * 1000 };

	(void)nanosleep(&ts, NULL);
}

static int
play(struct drill *d)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)d->d.port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), rc = 0;
	struct buf line;
	size_t i;

	if (fd == -1 ||
	    connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0) {
		log_errno("127.0.0.1:%d", d->d.port);
		if (fd != -1)
			close(fd);
		return -1;
	}
	buf_init(&line);
	for (i = 0; rc == 0 && i < d->scenario.n && !stopped; i++) {
		nap(d->scenario.lines[i].wait_s * UTC_SECOND);
		line.len = 0;
		scenario_print(&d->scenario.lines[i], utc_now(),
		    d->site->zone, &line);
		rc = io_write_all(fd, line.p, line.len);
		if (i == 0)
			d->played = utc_now();
	}
	if (rc != 0)
		log_errno("127.0.0.1:%d", d->d.port);
	buf_fini(&line);
	close(fd);
	return rc;
}

static int
import(struct drill *d)
{
	size_t i;

	for (i = 0; i < d->n_history; i++) {
		const char *const words[] = { "import", "--replay",
			d->history[i], NULL };

		if (drill_site_run(&d->d, words) != 0)
			return -1;
	}
	return 0;
}

/* ---- how it goes ---- */

/* What the casebook of the drill says now. */
static int
look(struct drill *d, struct arena *arena, struct casebook *book,
    struct drill_times *t)
{
	struct buf why;
	int rc;

	buf_init(&why);
	rc = command_casebook(d->d.site, arena, book, &why);
	if (rc != 0)
		log_error("%s", buf_cstr(&why));
	else
		drill_times(book, &d->contacts, d->played, t);
	buf_fini(&why);
	return rc;
}

static void
tell(struct arena *arena, const struct drill_times *t, struct drill_times *said)
{
	const struct {
		const char *what;
		int64_t at;
		int64_t *said;
	} rows[] = {
		{ tr("noticed", "検知"), t->noticed, &said->noticed },
		{ tr("told", "連絡"), t->told, &said->told },
		{ tr("taken", "引受"), t->acked, &said->acked },
		{ tr("executives told", "経営層へ連絡"), t->executive,
		    &said->executive },
		{ tr("decided or reported", "決定・報告"), t->reported,
		    &said->reported },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].at != 0 && *rows[i].said == 0) {
			printf(tr("DRILL: %s after %s\n",
				   "【訓練】%s %s\n"),
			    rows[i].what, drill_after(arena, t, rows[i].at));
			*rows[i].said = rows[i].at;
		}
	fflush(stdout);
}

/* Until somebody took it and it was reported, or the time is over. */
static void
await(struct drill *d)
{
	int64_t until = utc_now() + (int64_t)d->wait_min * UTC_MINUTE;
	struct drill_times t, said = { 0 };

	while (!stopped && utc_now() < until) {
		struct arena *arena = arena_new();
		struct casebook book;
		bool done = false;

		if (look(d, arena, &book, &t) == 0) {
			tell(arena, &t, &said);
			done = t.acked != 0 && t.reported != 0;
		}
		arena_free(arena);
		if (done)
			return;
		nap(UTC_SECOND);
	}
}

/* ---- the record ---- */

static int
page(struct drill *d, const struct casebook *book, const struct drill_times *t)
{
	struct drillpage p = { .book = book,
		.contacts = &d->contacts,
		.site = d->site->name,
		.title = tr(d->scenario.title_en, d->scenario.title_ja),
		.about = tr(d->scenario.about_en, d->scenario.about_ja),
		.origin = d->d.origin,
		.times = *t,
		.lines = d->scenario.n,
		.zone = d->site->zone,
		.arena = d->arena };
	struct buf out;
	int rc;

	buf_init(&out);
	drillpage_html(&p, &out);
	rc = pageout_write(d->site, d->output,
	    arena_printf(d->arena, "drill-%s", strrchr(d->d.dir, '/') + 1),
	    buf_view(&out));
	buf_fini(&out);
	return rc;
}

/* In the casebook of the hospital: that it was, and how long it took. */
static int
record(struct drill *d, const struct drill_times *t)
{
	struct casebook_step s = { .kind = CASEBOOK_DRILL,
		.group = "",
		.who = d->by,
		.how = "drill",
		.from = d->played,
		.ok = t->acked != 0 };
	struct submit *submit;
	struct buf why;
	int rc = -1;

	s.text = arena_printf(d->arena,
	    tr("%s; noticed %s, told %s, taken %s, executives %s, reported %s; "
	       "log %s",
		"%s・検知 %s・連絡 %s・引受 %s・経営層 %s・報告 %s・ログ %s"),
	    tr(d->scenario.title_en, d->scenario.title_ja),
	    drill_after(d->arena, t, t->noticed),
	    drill_after(d->arena, t, t->told),
	    drill_after(d->arena, t, t->acked),
	    drill_after(d->arena, t, t->executive),
	    drill_after(d->arena, t, t->reported), d->d.origin);
	buf_init(&why);
	submit = submit_open(d->site, "konseki-drill", &why);
	if (submit != NULL && submit_begin(submit, &why) == 0 &&
	    submit_step(submit, &s, &why) == 0 &&
	    submit_seal(submit, NULL, NULL, &why) == 0)
		rc = 0;
	else
		log_error(tr("the drill is not recorded: %s",
			      "訓練を記録できませんでした: %s"),
		    buf_cstr(&why));
	submit_close(submit);
	buf_fini(&why);
	return rc;
}

static int
finish(struct drill *d)
{
	struct casebook book;
	struct drill_times t;
	int rc = -1;

	if (look(d, d->arena, &book, &t) == 0) {
		rc = page(d, &book, &t);
		rc |= record(d, &t);
	}
	return rc;
}

static int
hold(struct drill *d)
{
	struct sigaction act = { .sa_handler = stop };
	int rc = -1;

	sigaction(SIGINT, &act, NULL);
	sigaction(SIGTERM, &act, NULL);
	(void)signal(SIGPIPE, SIG_IGN);
	printf(tr("DRILL: %s\n", "【訓練】%s\n"),
	    tr(d->scenario.title_en, d->scenario.title_ja));
	if (drill_site_open(d->site, utc_now(), d->arena, &d->d) == 0 &&
	    import(d) == 0 && drill_site_watch(&d->d) == 0 && play(d) == 0) {
		printf(tr("DRILL: %zu lines played. Answer with the code of "
			  "the message; then: konseki case note ID --decision "
			  "--by WHO --comment TEXT --site %s\n",
			   "【訓練】%zu行を流しました。応答コードで応答し、次に"
			   "決定を記入してください: konseki case note 事案番号 "
			   "--decision --by id --comment 内容 --site %s\n"),
		    d->scenario.n, d->d.dir);
		fflush(stdout);
		await(d);
		rc = finish(d);
	}
	drill_site_close(&d->d);
	return rc == 0 ? 0 : 1;
}

/* Nobody is called together for a drill of which no record would be left. */
static bool
can_record(const struct drill *d)
{
	struct buf why;
	struct submit *submit;

	buf_init(&why);
	submit = submit_open(d->site, "konseki-drill", &why);
	if (submit == NULL)
		log_error(tr("a drill could not be recorded: %s",
			      "訓練を記録できないため、開始しません: %s"),
		    buf_cstr(&why));
	submit_close(submit);
	buf_fini(&why);
	return submit != NULL;
}

static bool
is_ready(struct drill *d)
{
	struct yaml_error err;

	if (!role_may(d->site, ROLE_ACT_DRILL) || !can_record(d))
		return false;
	if (contacts_load(d->site->analyzer.contacts,
		d->site->escalation.answer_min, d->arena, &d->contacts,
		&err) != 0) {
		yaml_report(&err);
		return false;
	}
	if (d->by != NULL && contacts_person(&d->contacts, d->by) != NULL)
		return true;
	log_error("%s",
	    tr("say who holds it: --by ID of contacts.yml",
		"実施者を --by（contacts.ymlのid）で指定してください"));
	return false;
}

static int
run(struct drill *d, int argc, char *argv[])
{
	if (argc == 1 && strcmp(argv[0], "list") == 0)
		return list(d);
	if ((argc == 1) == (d->log != NULL))
		return usage();
	if (!is_ready(d) ||
	    (d->log != NULL ? load_file(d, d->log, true)
			    : load_named(d, argv[0])) != 0)
		return 1;
	return hold(d);
}

static int
option(struct drill *d, int o)
{
	switch (o) {
	case 's':
		d->site_dir = optarg;
		return 0;
	case 'l':
		d->lang = optarg;
		return log_is_lang(optarg) ? 0 : -1;
	case 'o':
		d->output = optarg;
		return 0;
	case 'b':
		d->by = optarg;
		return 0;
	case 'g':
		d->log = optarg;
		return 0;
	case 'h':
		if (d->n_history ==
		    sizeof(d->history) / sizeof(d->history[0]))
			return -1;
		d->history[d->n_history++] = optarg;
		return 0;
	case 'w':
		return num_parse(span_str(optarg), 1440, &d->wait_min);
	}
	return -1;
}

int
command_drill(int argc, char *argv[])
{
	static const struct option options[] = {
		{ "site", required_argument, NULL, 's' },
		{ "lang", required_argument, NULL, 'l' },
		{ "output", required_argument, NULL, 'o' },
		{ "by", required_argument, NULL, 'b' },
		{ "log", required_argument, NULL, 'g' },
		{ "history", required_argument, NULL, 'h' },
		{ "wait", required_argument, NULL, 'w' },
		{ NULL, 0, NULL, 0 },
	};
	struct drill d = { .wait_min = WAIT_MIN };
	char *path;
	int o, rc;

	while ((o = getopt_long(argc, argv, "", options, NULL)) != -1)
		if (option(&d, o) != 0)
			return usage();
	/* By its whole path: the drill's own site names files of it. */
	path = realpath(command_site_dir(d.site_dir), NULL);
	d.site = command_site(path != NULL ? path : d.site_dir);
	free(path);
	if (d.site == NULL)
		return 1;
	d.arena = arena_new();
	buf_init(&d.bytes);
	command_page_lang(d.site, d.lang);
	rc = run(&d, argc - optind, argv + optind);
	buf_fini(&d.bytes);
	arena_free(d.arena);
	site_free(d.site);
	return rc;
}
