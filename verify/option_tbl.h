/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* OPTION(long name, letter, argument or NULL, English, Japanese).  Capital
 * letters: only for a named log. */
OPTION("pin", 'p', "FILE", "the log's description, from outside",
    "外部で保管したログの記述ファイル")
OPTION("anchor", 'a', "FILE",
    "checkpoint lines, a note or a time-stamp token, from outside; may be repeated",
    "外部で保管したチェックポイントの行、ノートまたはタイムスタンプトークン(複数可)")
OPTION("policy", 'y', "FILE",
    "witnesses that must have cosigned it (C2SP tlog-policy)",
    "共同署名を求める証人(C2SP tlog-policy形式)")
OPTION("tsa", 't', "PEM",
    "certificates of an authority of time-stamp tokens; may be repeated",
    "タイムスタンプ局の証明書(複数可)")
OPTION("key", 'k', "VKEY", "key that must have signed a package", "パッケージに署名した検証鍵")
OPTION("cert", 'x', "PEM", "certificate for a package's CMS signature", "パッケージのCMS署名の証明書")
OPTION("copy", 'd', NULL,
    "a copy, to which the open segment does not belong",
    "開いているセグメントを含まない控え")
OPTION("chain", 'c', NULL,
    "show the links between checkpoints, manifests and segments",
    "チェックポイント、マニフェスト、セグメントのつながりを表示")
OPTION("jobs", 'j', "N", "segments to check at a time, 1 to 16",
    "同時に検証するセグメントの数(1から16)")
OPTION("json", 'o', NULL, "report as one JSON object",
    "結果を1つのJSONオブジェクトで出力")
OPTION("lang", 'l', "en|ja", "language of the report", "結果の言語")
OPTION("help", 'h', NULL, "this text", "この説明")
OPTION("site", 'S', "DIR", "the site whose log it is", "対象の施設フォルダー")
OPTION("log", 'L', "NAME",
    "evidence (default), casebook or another of its logs",
    "evidence(省略時)、casebookなどログの名前")
