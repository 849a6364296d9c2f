/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * The subcommands of konseki: COMMAND(name, function, English, Japanese).
 * The order is that of `konseki help`.
 */
COMMAND(init, command_init, "make the logs of a site and their keys, once",
    "施設のログと署名鍵を作成する（最初に一度）")
COMMAND(status, command_status, "what runs, and what the logs hold",
    "稼働状況と各ログの保存状況を表示する")
COMMAND(devices, command_devices, "who sends logs, how much, and who fell silent",
    "送信元の一覧（方式・件数・最後の受信・途絶）を表示する")
COMMAND(import, command_import, "put files into a log, byte for byte",
    "ファイルを1バイトも変えずにログへ取り込む")
COMMAND(parse, command_parse, "make events of log lines (JSON Lines)",
    "ログ行を解釈してイベント（JSON Lines）にする")
COMMAND(formats, command_formats, "see, test and write log formats",
    "ログ書式の一覧・試験・作成")
COMMAND(rules, command_sigma, "check, test and list rules, hold them against events",
    "ルールの確認・試験・一覧、イベントとの照合")
COMMAND(ledgers, command_ledgers, "check ledgers cell by cell, begin them, reconcile accounts",
    "台帳の確認（セルごと）・ひな形の作成・利用者IDの突合")
COMMAND(show, command_show, "show the records of a log as they are",
    "ログの記録をそのまま表示する")
COMMAND(find, command_find, "search all evidence for indicators, prove there are none",
    "全証跡から指標（IOC）を調査し、該当なしなら証明書を作成する")
COMMAND(prove, command_prove, "prove single records, or that a log only grew",
    "記録の存在や、ログの連続性の証明を作る")
COMMAND(verify, command_verify, "prove that a log is intact, or say where not",
    "ログが改ざんされていないことを検証する")
COMMAND(forwarded, command_forwarded,
    "check what another collector forwarded to this one",
    "ほかの収集機から転送された記録を、転送元のログと照合する")
COMMAND(retention, command_retention,
    "hold evidence, delete what is past its period",
    "証拠の保全、保存期間が過ぎた証拠の削除")
COMMAND(seal, command_seal, "make a package of evidence for an investigator",
    "証拠を引渡し用パッケージにする")
COMMAND(custody, command_custody, "record receipt, transfer and return of one",
    "パッケージの受領・引渡し・返却を記録する")
COMMAND(analyze, command_analyze, "hold the evidence against the rules",
    "証跡を検知ルールと照合する")
COMMAND(watch, command_watch, "analyse and tell people as logs come in",
    "受信しながら照合し、担当者に連絡する")
COMMAND(case, command_case, "see what was found, take it, judge it",
    "検知した事案の一覧・引受・判定")
COMMAND(contacts, command_contacts, "check the contact tree, print the call sheet",
    "連絡体制の点検と緊急連絡網の印刷")
COMMAND(drill, command_drill, "play a drill through the whole way, and record how it went",
    "訓練を実施し、所要時間を記録する")
COMMAND(escalate, command_escalate, "tell the people who are due now",
    "いま連絡すべき担当者に連絡する")
COMMAND(review, command_review, "write the weekly review sheet",
    "週次アクセスログ確認票を作成する")
COMMAND(inspect, command_inspect, "write what an on-site inspection asks to see",
    "立入検査で提示する資料一式を作成する")
COMMAND(timeline, command_timeline, "write the timeline of a case or a window",
    "事案または期間の時系列表を作成する")
COMMAND(report, command_report, "write the damage report of a case",
    "事案の被害状況報告書を作成する")
COMMAND(anchor, command_anchor, "print a log's checkpoint for a file of paper",
    "ログのチェックポイントを紙に残す控えを作成する")
