/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* The words behind `konseki ledgers`: SUB(name, operands, English, Japanese). */
SUB(check, "[FILE...]", "what is understood of the ledgers and what not, cell by cell",
    "台帳のどこが読み取れ、どこが読み取れないかをセルごとに表示する")
SUB(calendar, "[YEAR]", "on which days the site is closed, and why",
    "施設の休みの日とその理由を表示する")
SUB(start, "", "ledgers to begin with, of what was observed, to be completed",
    "観測した機器・利用者ID・ネットワークから台帳のひな形を作る")
SUB(reconcile, "", "who is in which list: ledger, personnel office, devices, records",
    "利用者IDの突合（台帳・人事・機器・記録）。表とA4のページを作る")
SUB(changes, "[LEDGER]", "which versions of ledgers findings went by, and what changed",
    "分析に使われた台帳の版と、行の追加・変更・削除を表示する")
