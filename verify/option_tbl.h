/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* OPTION(long name, letter, argument or NULL, English, Japanese).  Capital
 * letters: only for a named log. */
OPTION("pin", 'p', "FILE", "the log's description, from outside",
    "外部で保管したログの記述ファイル")
OPTION("anchor", 'a', "FILE",
    "checkpoint lines, a note or a time-stamp token, from outside; may be repeated",
    "外部で保管したチェックポイントの行、ノートまたはタイムスタンプトークン(複数可)")
OPTION("witness", 'w', "VKEY",
    "key of a witness that must have cosigned each anchor",
    "アンカーに共同署名した証人の検証鍵")
OPTION("tsa", 't', "PEM", "certificates of the authority of time-stamp tokens", "タイムスタンプ局の証明書")
OPTION("key", 'k', "VKEY", "key that must have signed a package", "パッケージに署名した検証鍵")
OPTION("cert", 'x', "PEM", "certificate for a package's CMS signature", "パッケージのCMS署名の証明書")
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
