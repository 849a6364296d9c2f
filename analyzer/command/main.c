/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "config.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/command/command.h"
#include "common/log.h"

static const struct command {
	const char *name;
	int (*run)(int argc, char *argv[]);
	const char *en, *ja;
} commands[] = {
#define COMMAND(name, function, en, ja) { #name, function, en, ja },
#include "analyzer/command/command_tbl.h"
#undef COMMAND
};

static const char *lang; /* as the user gave it, or NULL */

const char *
command_lang(void)
{
	return lang;
}

const char *
command_rules(void)
{
	const char *dir = getenv("KONSEKI_RULES");

	return dir != NULL && *dir != '\0' ? dir : RULES_DIR;
}

static void
help(FILE *out)
{
	size_t i;

	fputs(tr("usage: konseki [--lang en|ja] COMMAND [ARGUMENT...]\n\n",
		  "使い方: konseki [--lang en|ja] コマンド [引数...]\n\n"),
	    out);
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		fprintf(out, "  %-12s %s\n", commands[i].name,
		    tr(commands[i].en, commands[i].ja));
	fprintf(out, "  %-12s %s\n", "help", tr("this list", "この一覧"));
}

/* Take --lang out of the arguments in front of the command. */
static int
options(int argc, char *argv[])
{
	int i = 1;

	if (i + 1 < argc && strcmp(argv[i], "--lang") == 0) {
		lang = argv[i + 1];
		i += 2;
	} else if (i < argc && strncmp(argv[i], "--lang=", 7) == 0)
		lang = argv[i++] + 7;
	return i;
}

/* `konseki COMMAND --help`: what it is for, then what it says of its call. */
static int
run(const struct command *command, int argc, char *argv[])
{
	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		printf("konseki %s: %s\n", command->name,
		    tr(command->en, command->ja));
		opterr = 0; /* those without an option --help say usage */
		(void)fflush(stdout);
		(void)command->run(argc, argv);
		return 0;
	}
	return command->run(argc, argv);
}

int
main(int argc, char *argv[])
{
	int at = options(argc, argv);
	size_t i;

	log_set_name("konseki");
	log_set_lang(lang);
	if (at == argc || (lang != NULL && !log_is_lang(lang))) {
		help(stderr);
		return 2;
	}
	if (strcmp(argv[at], "--version") == 0) {
		puts(PACKAGE_STRING);
		return 0;
	}
	if (strcmp(argv[at], "help") == 0 || strcmp(argv[at], "--help") == 0) {
		help(stdout);
		return 0;
	}
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strcmp(argv[at], commands[i].name) == 0)
			return run(&commands[i], argc - at, argv + at);
	log_error(tr("there is no command '%s'; see 'konseki help'",
		      "コマンド「%s」はありません。konseki help "
		      "を見てください"),
	    argv[at]);
	return 2;
}
