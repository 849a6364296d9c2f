/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "common/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/buf.h"
#include "common/io.h"
#include "common/text.h"

static enum log_lang lang;
static const char *program = "konseki";
static atomic_uint warnings, errors;

/* The line of progress; only the thread that works draws it. */
static struct {
	bool running;	   /* between the first call and the end */
	bool drawn;	   /* something of it stands on the terminal */
	int64_t begin, at; /* milliseconds: first call, last drawing */
} progress;

/* "ja", "ja_JP.UTF-8", "ja-JP", but not "jav". */
static bool
is_japanese(const char *s)
{
	return strncmp(s, "ja", 2) == 0 && strchr("_-.@", s[2]) != NULL;
}

void
log_set_lang(const char *name)
{
	static const char *const vars[] = { "LC_ALL", "LC_MESSAGES", "LANG" };
	size_t i;

	for (i = 0; name == NULL && i < sizeof(vars) / sizeof(vars[0]); i++) {
		name = getenv(vars[i]);
		if (name != NULL && *name == '\0')
			name = NULL;
	}
	lang = name != NULL && is_japanese(name) ? LOG_JA : LOG_EN;
}

bool
log_is_lang(const char *name)
{
	return strcmp(name, "en") == 0 || strcmp(name, "ja") == 0;
}

enum log_lang
log_lang(void)
{
	return lang;
}

const char *
tr(const char *en, const char *ja)
{
	return lang == LOG_JA ? ja : en;
}

void
log_set_name(const char *name)
{
	program = name;
}

unsigned
log_warnings(void)
{
	return atomic_load(&warnings);
}

unsigned
log_errors(void)
{
	return atomic_load(&errors);
}

/*
 * One write per line, so that lines of several processes do not mix; escaped,
 * so that what a message quotes can neither drive a terminal nor fake a line.
 */
static void vlog(const char *kind, const char *fmt, va_list ap,
    const char *behind) __attribute__((format(printf, 2, 0)));

static void
vlog(const char *kind, const char *fmt, va_list ap, const char *behind)
{
	char text[2048];
	struct buf line;

	if (vsnprintf(text, sizeof(text), fmt, ap) < 0)
		text[0] = '\0';
	buf_init(&line);
	if (progress.drawn)
		buf_str(&line, "\r\033[K");
	progress.drawn = false;
	buf_printf(&line, "%s: %s", program, kind);
	text_escape(span_str(text), &line);
	if (behind != NULL)
		buf_printf(&line, ": %s", behind);
	buf_byte(&line, '\n');
	/* Nobody is left to be told if standard error is gone. */
	(void)io_write_all(STDERR_FILENO, line.p, line.len);
	buf_fini(&line);
}

void
log_info(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vlog("", fmt, ap, NULL);
	va_end(ap);
}

void
log_warn(const char *fmt, ...)
{
	va_list ap;

	atomic_fetch_add(&warnings, 1);
	va_start(ap, fmt);
	vlog(tr("warning: ", "警告: "), fmt, ap, NULL);
	va_end(ap);
}

void
log_error(const char *fmt, ...)
{
	va_list ap;

	atomic_fetch_add(&errors, 1);
	va_start(ap, fmt);
	vlog("", fmt, ap, NULL);
	va_end(ap);
}

void
log_errno(const char *fmt, ...)
{
	const char *reason = strerror(errno);
	va_list ap;

	atomic_fetch_add(&errors, 1);
	va_start(ap, fmt);
	vlog("", fmt, ap, reason);
	va_end(ap);
}

void
log_fatal(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vlog("", fmt, ap, NULL);
	va_end(ap);
	exit(1);
}

static int64_t
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

void
log_progress(const char *what, unsigned long long done,
    unsigned long long total)
{
	int64_t now = now_ms();
	char line[256];
	int n;

	if (!progress.running) {
		progress.running = true;
		progress.begin = now;
	}
	/* Two seconds of grace, then five drawings a second. */
	if (now - progress.begin < 2000 || now - progress.at < 200 ||
	    !isatty(STDERR_FILENO))
		return;
	progress.at = now;
	if (total > 0)
		n = snprintf(line, sizeof(line), "\r\033[K%s: %s %.0f %%",
		    program, what,
		    100.0 * (double)(done < total ? done : total) /
			(double)total);
	else
		n = snprintf(line, sizeof(line), "\r\033[K%s: %s %llu", program,
		    what, done);
	if (n < 0)
		return;
	progress.drawn = true;
	/* As in vlog(). */
	(void)io_write_all(STDERR_FILENO, line,
	    (size_t)n < sizeof(line) ? (size_t)n : sizeof(line) - 1);
}

void
log_progress_end(void)
{
	static const char clear[] = "\r\033[K";

	if (progress.drawn)
		/* As in vlog(). */
		(void)io_write_all(STDERR_FILENO, clear, sizeof(clear) - 1);
	progress.running = progress.drawn = false;
}
