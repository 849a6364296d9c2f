/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* CALL(id, option, value or NULL): in the order in which a usage line shows
 * them. */
CALL(SITE, "site", "DIR")
CALL(CASE, "case", "ID")
CALL(ENTITY, "entity", "host|user|ip=NAME")
CALL(FOR, "for", "FORM")
CALL(WEEK, "week", "YYYY-MM-DD")
CALL(MONTH, "month", "YYYY-MM")
CALL(FROM, "from", "TIME")
CALL(TO, "to", "TIME")
CALL(DAY, "day", "YYYY-MM-DD")
CALL(ANALYZE, "analyze", NULL)
CALL(TEXT, "text", NULL)
CALL(HISTORY, "history", NULL)
CALL(FULL, "full", NULL)
CALL(JOBS, "jobs", "N")
CALL(LANG, "lang", "en|ja")
CALL(OUTPUT, "output", "DIR")
