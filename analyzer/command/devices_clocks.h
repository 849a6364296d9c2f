/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_DEVICES_CLOCKS_H
#define ANALYZER_COMMAND_DEVICES_CLOCKS_H

/*
 * konseki devices --clocks: how far each device's clock is from ours, by the
 * newest records of the evidence (skew.h).
 */
enum clocks_form { CLOCKS_TEXT, CLOCKS_JSON, CLOCKS_CSV };

/* dir: of the site, or NULL.  Return the exit code: 0, or 1 (said). */
int devices_clocks(const char *dir, enum clocks_form form);

#endif
