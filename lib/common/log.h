/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COMMON_LOG_H
#define COMMON_LOG_H

#include <stdbool.h>

/*
 * What our programs say to the people who run them, on standard error.  Only
 * the edge that knows the object calls it; pure code is silent.  Each message
 * is written as a pair, tr("in English", "日本語で"): the compiler checks both
 * formats against the arguments, and no message can lack a language.
 */
enum log_lang { LOG_EN, LOG_JA };

/*
 * Language from --lang (may be NULL), else the first of LC_ALL, LC_MESSAGES
 * and LANG that is not empty: Japanese for "ja...", English for all else.
 */
void log_set_lang(const char *lang);
enum log_lang log_lang(void);

/* Whether a --lang is one of the two; what is not is a wrong call. */
bool log_is_lang(const char *name);

/* The one of the two that the user reads. */
const char *tr(const char *en, const char *ja)
    __attribute__((format_arg(1), format_arg(2)));

/* Name of the program in front of each line; a static string. */
void log_set_name(const char *name);

/*
 * "konseki: message" and a newline, in one write, escaped by text_escape().
 * Warnings and errors are counted.
 */
void log_info(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* As log_error, with ": strerror(errno)" behind it. */
void log_errno(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* How many there have been. */
unsigned log_warnings(void);
unsigned log_errors(void);

/* log_error and exit 1: only before a program's loop has begun. */
_Noreturn void log_fatal(const char *fmt, ...)
    __attribute__((format(printf, 1, 2)));

/*
 * Progress on standard error, for work of more than two seconds: redraws one
 * line on a terminal, writes nothing elsewhere.  total 0 = not known.
 */
void log_progress(const char *what, unsigned long long done,
    unsigned long long total);
void log_progress_end(void);

#endif
