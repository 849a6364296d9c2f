/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * The subcommands of konseki: COMMAND(name, function, English, Japanese).
 * The order is that of `konseki help`.
 */
COMMAND(parse, command_parse, "make events of log lines (JSON Lines)",
    "ログ行を解釈してイベント（JSON Lines）にする")
COMMAND(show, command_show, "show the records of a log as they are",
    "ログの記録をそのまま表示する")
COMMAND(verify, command_verify, "prove that a log is intact, or say where not",
    "ログが改ざんされていないことを検証する")
