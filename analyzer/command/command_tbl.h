/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * The subcommands of konseki: COMMAND(name, function, English, Japanese).
 * The order is that of `konseki help`.
 */
COMMAND(parse, command_parse, "make events of log lines (JSON Lines)",
    "ログ行を解釈してイベント（JSON Lines）にする")
