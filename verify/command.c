/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "verify/say.h"
#include "verify/verify.h"

static const struct {
	const char *name;
	int letter;
	const char *arg, *text[2];
} options[] = {
#define OPTION(name, letter, arg, en, ja) { name, letter, arg, { en, ja } },
#include "verify/option_tbl.h"
#undef OPTION
};
#define N_OPTIONS (sizeof(options) / sizeof(options[0]))

static int
wrong(enum say_what what, const char *s)
{
	char text[512];

	say_print((struct say){ what, .s = s }, text, sizeof(text));
	fprintf(stderr, "konseki-verify: %s\n", text);
	return -1;
}

void
verify_usage(FILE *out, const char *program, bool named)
{
	bool ja = say_text(SAY_C_USAGE)[0] != 'u';

	fprintf(out, "%s %s [%s] %s\n", say_text(SAY_C_USAGE), program,
	    say_text(SAY_C_OPTIONS), named ? "[DIR]" : "DIR");
	for (size_t i = 0; i < N_OPTIONS; i++)
		if (named || islower(options[i].letter))
			fprintf(out, "  --%-8s%-6s%s\n", options[i].name,
			    options[i].arg == NULL ? "" : options[i].arg,
			    options[i].text[ja]);
	fputs(say_text(SAY_C_STATUS), out);
}

static int
take_file(const char *files[], size_t max)
{
	size_t n = 0;

	while (n < max && files[n] != NULL)
		n++;
	if (n == max)
		return wrong(SAY_C_MANY, optarg);
	files[n] = optarg;
	return 0;
}

static int
take_option(int c, struct verify_arguments *a)
{
	struct verify_options *o = &a->opt;
	const char **texts[] = { ['p'] = &o->pin,
		['y'] = &o->policy,
		['k'] = &o->key,
		['x'] = &o->cert,
		['S'] = &a->site,
		['L'] = &a->log };
	char *end;

	if (texts[c] != NULL) {
		*texts[c] = optarg;
		return 0;
	}
	switch (c) {
	case 'a':
		return take_file(o->anchor, VERIFY_ANCHORS_MAX);
	case 't':
		return take_file(o->tsa, VERIFY_TSA_MAX);
	case 'j':
		o->jobs = (unsigned)strtoul(optarg, &end, 10);
		return isdigit((unsigned char)*optarg) && *end == '\0' &&
			strlen(optarg) < 3 && o->jobs >= 1 &&
			o->jobs <= VERIFY_JOBS_MAX
		    ? 0
		    : wrong(SAY_C_JOBS, optarg);
	case 'l':
		say_set_lang(optarg);
		return strcmp(optarg, "en") == 0 || strcmp(optarg, "ja") == 0
		    ? 0
		    : wrong(SAY_C_LANG, optarg);
	case 'd':
		o->copy = true;
		return 0;
	case 'c':
		o->chain = stdout;
		return 0;
	case 'o':
		a->json = true;
		return 0;
	case 'h':
		a->help = true;
		return 0;
	default:
		return -1;
	}
}

int
verify_arguments(int argc, char *argv[], bool named, struct verify_arguments *a)
{
	struct option longs[N_OPTIONS + 1] = { 0 };
	size_t n = 0;
	int c;

	memset(a, 0, sizeof(*a));
	for (size_t i = 0; i < N_OPTIONS; i++)
		if (named || islower(options[i].letter))
			longs[n++] = (struct option){ options[i].name,
				options[i].arg != NULL, NULL,
				options[i].letter };
	optind = 1;
	while ((c = getopt_long(argc, argv, "", longs, NULL)) != -1)
		if (take_option(c, a) != 0)
			return -1;
	if (optind < argc)
		a->opt.dir = argv[optind++];
	return optind < argc ? wrong(SAY_C_ONE, argv[optind]) : 0;
}

/* One line on a terminal, for work of more than two seconds. */
static void
progress(void *cookie, uint64_t done, uint64_t total)
{
	time_t *begin = cookie, now = time(NULL);
	static unsigned shown = 101;
	unsigned percent = (unsigned)(100 * (done / 64) / (total / 64 + 1));

	if (*begin == 0)
		*begin = now;
	if (now - *begin < 2 || percent == shown)
		return;
	shown = percent;
	fprintf(stderr, "\r\033[K%s %u %%", say_text(SAY_C_VERIFYING), percent);
}

int
verify_main(struct verify_arguments *a)
{
	struct verify_result result;
	time_t begin = 0;

	if (isatty(STDERR_FILENO)) {
		a->opt.progress = progress;
		a->opt.cookie = &begin;
	}
	if (a->json && a->opt.chain != NULL)
		a->opt.chain = stderr;
	verify_log(&a->opt, &result);
	if (begin != 0)
		fputs("\r\033[K", stderr);
	(a->json ? verify_report_json : verify_report_text)(&result, stdout);
	if (fflush(stdout) != 0) {
		wrong(SAY_C_OUTPUT, strerror(errno));
		return VERIFY_IMPOSSIBLE;
	}
	return (int)result.verdict;
}
