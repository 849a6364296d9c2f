/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* ZIP_ERR(identifier, English, Japanese): why a ZIP file cannot be read. */
ZIP_ERR(OK, "ok", "正常")
ZIP_ERR(NO_END, "its directory is missing at its end: the copy is not whole, copy it again", "末尾にディレクトリがありません。途中で切れているため、もう一度コピーしてください")
ZIP_ERR(BAD_END, "the end of its directory is damaged", "ディレクトリの末尾が壊れています")
ZIP_ERR(DISKS, "it is one of several parts; join them first", "分割されたZIPの一部です。先に結合してください")
ZIP_ERR(MANY, "more than 10000 members; unpack it and import the files", "中のファイルが10000を超えています。展開してからファイルを取り込んでください")
ZIP_ERR(BIG, "its directory has more than 16 MiB; unpack it and import the files", "ディレクトリが16 MiBを超えています。展開してからファイルを取り込んでください")
ZIP_ERR(BAD_ENTRY, "its directory is damaged", "ディレクトリが壊れています")
ZIP_ERR(NAME, "a member's name has more than 512 bytes; unpack it and import the files", "中のファイル名が512バイトを超えています。展開してからファイルを取り込んでください")
ZIP_ERR(BAD_LOCAL, "a member is not what the directory says of it", "中のファイルがディレクトリの内容と一致しません")
ZIP_ERR(OVERLAP, "two members share the same bytes, as in a ZIP bomb", "中のファイルが同じ領域を共有しています（ZIP爆弾の疑い）")
ZIP_ERR(ENCRYPTED, "it is encrypted; unpack it with its password and import the files", "暗号化されています。パスワードで展開してからファイルを取り込んでください")
ZIP_ERR(METHOD, "it is packed in a way that konseki does not read (neither stored nor deflate); unpack it and import the files", "konsekiが読めない圧縮方式です（無圧縮でもdeflateでもない）。展開してからファイルを取り込んでください")
