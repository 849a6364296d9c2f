/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* The words behind `konseki ledgers`: SUB(name, operands, English, Japanese). */
SUB(check, "[FILE...]", "what is understood of the ledgers and what not, cell by cell",
    "台帳のどこが読み取れ、どこが読み取れないかをセルごとに表示する")
SUB(calendar, "[YEAR]", "on which days the site is closed, and why",
    "施設の休みの日とその理由を表示する")
