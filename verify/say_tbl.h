/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* SAY(identifier, English, Japanese): {a}, {b} are numbers, {t} is a time, {s}
 * a text */
SAY(NONE, "", "")
SAY(ERROR, "{s}", "{s}")
SAY(WORKER, "a process that read a segment ended before its time", "セグメントを読み取るプロセスが途中で終了しました")
SAY(MISSING, "missing", "ファイルがありません")
SAY(TOO_LONG, "longer than the format allows", "形式の上限より長いファイルです")
SAY(NO_FILE, "a link, folder or device stands where a regular file must be",
    "通常のファイルであるべき場所に、リンクやデバイスなどがあります")

/* A member */
SAY(GZIP_HEADER, "a member's header is not the ten bytes of the format",
    "メンバーのヘッダーが形式で定めた10バイトではありません")
SAY(GZIP_DATA, "compressed data that no writer makes",
    "圧縮データが壊れています")
SAY(GZIP_CRC, "a member's CRC-32 or length is wrong", "メンバーのCRC-32または長さが一致しません")
SAY(GZIP_BIG, "a member inflates to more than the format allows",
    "メンバーの展開後の長さが形式の上限を超えています")
SAY(GZIP_EMPTY, "a member without content that is not the closing one",
    "終端ではない、内容のないメンバーがあります")
SAY(GZIP_TRAILING, "bytes behind the closing empty member",
    "終端の空メンバーの後にバイトがあります")

/* A segment and its records */
SAY(SEGMENT_GZIP, "not the gzip profile of the format: {s}",
    "gzipの形式が規定どおりではありません: {s}")
SAY(SEGMENT_HEAD, "the header line of the segment is not as specified",
    "セグメントの見出し行が形式どおりではありません")
SAY(SEGMENT_RECORD, "a record is not as specified: {s}",
    "記録が形式どおりではありません: {s}")
SAY(SEGMENT_CUT, "a member ends inside a record",
    "記録の途中でメンバーが終わっています")
SAY(SEGMENT_LONG, "a member goes on although it is full",
    "満杯のメンバーに記録が続いています")
SAY(SEGMENT_INDEX, "an index beyond what the format allows",
    "番号が形式の上限を超えています")
SAY(RECORD_KIND, "not a kind of record that this version knows",
    "この版が知らない種別の記録です")
SAY(RECORD_HEAD, "the head line is not as specified",
    "記録の見出し行が形式どおりではありません")
SAY(RECORD_LEN, "the record is longer than its kind may be",
    "記録がその種別の上限を超えています")
SAY(RECORD_END, "no line end behind the record", "記録の後に改行がありません")
SAY(STREAM_NONE, "a record of a stream that the segment does not define",
    "このセグメントで定義されていないストリームの記録です")
SAY(STREAM_BAD, "a d1 record is not as specified",
    "d1記録が形式どおりではありません")
SAY(STREAM_SEQUENCE, "a stream's sequence numbers do not follow",
    "ストリームの通し番号が連続していません")
SAY(STREAM_PORT, "a sender's port is given that had not changed",
    "変わっていない送信元ポートが記されています")
SAY(STREAM_MANY, "more live streams than can be followed",
    "同時に開いているストリームが多すぎます")
SAY(STREAM_SKIP, "a stream goes on with {a} where {b} must follow",
    "ストリームが{a}から続いていますが、次は{b}のはずです")
SAY(SYSTEM_BAD, "a system record is not as specified",
    "システム記録が形式どおりではありません")
SAY(RECORD_ORDER, "the records do not follow those before",
    "記録が前の記録に続いていません")
SAY(RECORD_EARLY, "the record's time lies before the seal before it",
    "記録の受信時刻が直前の封印より前です")
SAY(RECORD_LATE, "the record's time lies behind the seal behind it",
    "記録の受信時刻が直後の封印より後です")

/* Segments in their places */
SAY(SEGMENT_MISSING, "the segment that begins with record {a} is missing",
    "記録{a}から始まるセグメントがありません")
SAY(SEGMENT_TWICE, "a second segment that begins with record {a}",
    "記録{a}から始まるセグメントが重複しています")
SAY(SEGMENT_LOG, "a segment of another log: {s}",
    "別のログのセグメントです: {s}")
SAY(SEGMENT_NAME,
    "the segment's first index is {a}, which is not that of its file name",
    "セグメントの先頭番号{a}がファイル名と一致しません")
SAY(SEGMENT_NUMBER, "segment {a} stands where {b} must be",
    "セグメント{a}が{b}の位置にあります")
SAY(SEGMENT_DAY, "the segment lies in the folder of another day",
    "セグメントが別の日のフォルダーにあります")
SAY(SEGMENT_NOT_WHOLE, "the segment has a manifest but is not whole",
    "マニフェストがありますが、セグメントが完全ではありません")
SAY(SEGMENT_OPEN, "the segment is not closed but another follows",
    "セグメントが閉じられないまま次のセグメントがあります")
SAY(LINK_NONE, "the segment does not begin with an m1 record",
    "セグメントがm1記録で始まっていません")
SAY(LINK_TWICE, "an m1 record that is not the first of its segment",
    "m1記録がセグメントの先頭以外にあります")
SAY(LINK_SEGMENT, "the m1 record is of another segment",
    "m1記録が別のセグメントのものです")
SAY(LINK_MANIFEST,
    "the m1 record does not name the manifest of the segment before",
    "m1記録が直前のセグメントのマニフェストと一致しません")
SAY(MANIFEST_LINE, "line {a} is not what the segment gives",
    "{a}行目がセグメントの内容と一致しません")
SAY(MANIFEST_BAD,
    "its segment is missing, and it is not as specified or does not follow the "
    "one before",
    "本体のないセグメントのマニフェストが、形式どおりでないか前のものに続いてい"
    "ません")
SAY(MANIFEST_NONE, "the manifest of segment {a} is missing",
    "セグメント{a}のマニフェストがありません")
SAY(MANIFEST_YET, "the segment is closed but has no manifest yet",
    "閉じたセグメントにまだマニフェストがありません")
SAY(MANIFEST_ALONE, "segment {a} has a manifest but is missing",
    "セグメント{a}はマニフェストだけがあり、本体がありません")
SAY(COPY_ENDS,
    "records from {a} on are not here: a copy, to which the open segment does "
    "not belong, looks so, and so does a log whose end was removed",
    "記録{a}以降がありません。開いているセグメントを含まない控えはこうなりますが、"
    "末尾を取り除いたログも同じです")
SAY(COPY_HOLE,
    "the segment that begins with record {a} is not here; a record that it was "
    "deleted may be in what is not here either",
    "記録{a}から始まるセグメントがありません。"
    "削除の記録は、控えにない部分にあるかもしれません")
SAY(NOTHING_HERE,
    "no records are here: nothing was written yet, or all was removed; of a "
    "removal by two persons, a later log has the record o1 action=remove",
    "記録がありません。まだ何も書かれていないか、すべて取り除かれています。二人に"
    "よる世代の削除なら、後のログにo1 action=removeの記録があります")
SAY(LOG_CUT,
    "the log ends before record {a}, but its checkpoint is of size {b} (is this "
    "a copy without the open segment: --copy)",
    "ログは記録{a}の前で終わっていますが、チェックポイントのサイズは{b}です"
    "(開いているセグメントを含まない控えなら--copy)")
SAY(PREDECESSOR,
    "not as specified, or not what the first start of the log (b1) says",
    "形式どおりでないか、ログの最初の開始記録(b1)の内容と一致しません")
SAY(OUTSIDE, "not the checkpoint that the record of the break names",
    "先行ログの中断の記録(log-break)が示すチェックポイントではありません")
SAY(TORN, "bytes behind the last whole record: a torn write",
    "最後の完全な記録の後に、書きかけのバイトがあります")
SAY(UNSEALED, "{a} records behind the newest checkpoint are not sealed",
    "最新のチェックポイントより後の記録{a}件は封印されていません")

/* Seals and epochs */
SAY(CHANGED, "one of the records {a} to {b} was changed",
    "記録{a}〜{b}のいずれかが変更されています")
SAY(CHANGED_ONE, "record {a} was changed", "記録{a}が変更されています")
SAY(SEAL_FOREIGN, "the seal of record {a} names another checkpoint before it: ",
    "記録{a}の封印が直前のチェックポイントと一致しません。")
SAY(SEAL_FOREIGN_OR, ", or that seal", "(または封印の記録自体)")
SAY(SEAL_MONO, "the boot clock goes back from seal to seal",
    "封印の起動時計が逆行しています")
SAY(SEAL_WALL,
    "the wall clock goes back from seal to seal, and no record says why",
    "封印の時刻が逆行していますが、理由の記録がありません")
SAY(SEAL_EPOCH, "the seal is of epoch {a}, which did not begin before it",
    "封印の鍵期間{a}は始まっていません")
SAY(SEAL_FINAL, "a seal of epoch {a} after its final seal",
    "鍵期間{a}の最終封印の後に封印があります")
SAY(SEAL_BEHIND,
    "the seal of record {a} names a checkpoint of size {b}, which is missing: "
    "the checkpoint was put back",
    "記録{a}の封印が示すサイズ{b}"
    "のチェックポイントがありません。チェックポイントが古いものに戻されていま"
    "す")
SAY(EPOCH_BACK, "epoch {a} begins after epoch {b}",
    "鍵期間{a}が鍵期間{b}の後に始まっています")
SAY(EPOCH_SKIPPED, "epoch {a} stands where epoch {b} must follow",
    "鍵期間{b}が続くべき位置に鍵期間{a}があります")
SAY(EPOCH_UNENDED, "epoch {a} has no final seal",
    "鍵期間{a}の最終封印がありません")
SAY(EPOCH_NOT_KEPT,
    "the final checkpoint of epoch {a}, of size {b}, is missing",
    "鍵期間{a}の最終チェックポイント(サイズ{b})がありません")
SAY(EPOCH_KEY, "the key of epoch {a} does not lead to the pinned root",
    "鍵期間{a}の鍵は固定されたルートにつながりません")
SAY(EPOCHS_LINE,
    "a line is not as specified, or its key does not lead to the pinned root",
    "行が形式どおりでないか、鍵が固定されたルートにつながりません")
SAY(EPOCHS_MISSING, "the line of epoch {a} is missing",
    "鍵期間{a}の行がありません")
SAY(EPOCHS_TORN, "the last line is not whole", "最後の行が途中で終わっています")
SAY(EPOCHS_ORDER, "the line of epoch {a} stands in the wrong place",
    "鍵期間{a}の行の位置が誤っています")

/* Notes, pin and anchors */
SAY(NOTE_BIG, "the note is longer than 65,536 bytes or 64 lines",
    "ノートが65,536バイトまたは64行を超えています")
SAY(NOTE_TEXT,
    "the text of the note holds bytes that it must not, or no empty line "
    "follows it",
    "ノート本文に使えないバイトがあるか、本文の後の空行がありません")
SAY(NOTE_LINE, "a signature line is not as the signed note format says",
    "署名行が署名付きノートの形式どおりではありません")
SAY(NOTE_CHECKPOINT,
    "the text is not the three lines of a checkpoint: origin, size, root",
    "本文がチェックポイントの3行(origin、サイズ、ルート)ではありません")
SAY(NOTE_ORDER,
    "the signature lines are not one of the log key and then one of an epoch "
    "key",
    "署名行がログ鍵、期間鍵の順に1行ずつではありません")
SAY(NOTE_KEY, "a signature line names another key", "署名行の鍵が異なります")
SAY(NOTE_SIGNATURE, "the signature does not verify", "署名を検証できません")
SAY(NOTE_LOG, "a checkpoint of another log", "別のログのチェックポイントです")
SAY(NOTE_GONE, "missing, but {s} was kept",
    "{s}が保存されているのに、ありません")
SAY(NOTE_OLDER, "older than {s}: it was put back, or that one added",
    "{s}より古い内容です。古いものに戻されたか、後から追加されています")
SAY(NOTE_TWO_ROOTS, "another checkpoint of size {a} gives another root",
    "同じサイズ{a}の別のチェックポイントとルートが異なります")
SAY(NOTE_ROOT, "the records do not give the root of {s}: ",
    "記録が{s}のルートと一致しません。")
SAY(NOTE_SIZE, "a checkpoint of size {a} under the name of another",
    "サイズ{a}のチェックポイントが別の名前で置かれています")
SAY(NOTE_EPOCH, "signed for epoch {a} where epoch {b} is open",
    "鍵期間{a}の署名ですが、開いている期間は{b}です")
SAY(NOTE_NO_SEAL, "no seal stands before this size",
    "このサイズの直前に封印記録がありません")
SAY(NOTE_UNSEALED, "no seal stands before the checkpoint's size {a}",
    "チェックポイントのサイズ{a}の直前に封印記録がありません")
SAY(NOTE_NONE, "nothing is sealed yet", "まだ何も封印されていません")
SAY(NO_LOG, "there is no log in this folder",
    "このフォルダーにログはありません")
SAY(PIN_LINE, "line {a} is not as the description of a log must be",
    "{a}行目がログの記述ファイルの形式ではありません")
SAY(PIN_OTHER, "differs from the pinned file",
    "固定した(ピン留めした)ファイルと異なります")
SAY(ANCHOR_LINES, "does not begin with the three lines of a checkpoint",
    "チェックポイントの3行で始まっていません")
SAY(ANCHOR_BEYOND,
    "the log ends at size {a} but the anchor is of size {b}: it was rolled "
    "back or cut",
    "ログはサイズ{a}で終わっていますが、アンカーはサイズ{b}"
    "です。ログが巻き戻されたか、切り詰められています")
SAY(ANCHOR_LATER,
    "it is of size {b}, made after this package, whose checkpoint is of size "
    "{a}: only a proof of the log can compare them (konseki prove --from {a})",
    "サイズ{b}のアンカーは、このパッケージ(サイズ{a})より後のものです。比べるにはロ"
    "グの証明が必要です(konseki prove --from {a})")
SAY(ANCHOR_R,
    "its line R is not the root of this log's epoch keys: it is of another "
    "log, or this one was forged under its name",
    "Rの行がこのログの鍵期間のルートと異なります。別のログのものか、このログが"
    "同じ名前で偽造されています")
SAY(ANCHOR_ROOT,
    "the anchor gives another root at size {a}: records before it were changed",
    "アンカーのルート(サイズ{a})"
    "と一致しません。それ以前の記録が変更されています")
SAY(POLICY_LINE, "line {a} is not as a tlog-policy must be",
    "{a}行目がtlog-policyの形式ではありません")
SAY(POLICY_LOG, "the policy names other logs but not this one",
    "ポリシーに記されたログの中に、このログがありません")
SAY(POLICY_NOTE, "without the cosignatures that the policy's quorum asks for",
    "ポリシーの定足数を満たす共同署名がありません")
SAY(POLICY_UNMET,
    "neither an anchor nor a checkpoint of the log has the cosignatures that "
    "the policy's quorum asks for",
    "ポリシーの定足数を満たす共同署名のあるアンカーもチェックポイントもありません")

SAY(LANG, "en", "ja")

/* The report: verdicts in the order of their numbers first */
SAY(R_INTACT, "INTACT", "改ざんなし")
SAY(R_TAMPERED, "TAMPERED", "改ざんあり")
SAY(R_INCOMPLETE, "INCOMPLETE", "不完全")
SAY(R_IMPOSSIBLE, "COULD NOT CHECK", "検証できません")
SAY(R_LOG, ": {s}\n", ": {s}\n")
SAY(R_FAULT, "  first fault: {s}", "  最初の異常: {s}")
SAY(R_BYTE, ", from byte {a}", "、{a}バイト目から")
SAY(R_RECORD, ", record {a}", "、記録{a}")
SAY(R_RECEIVED, ", received {t}", "、受信時刻{t}")
SAY(R_WHAT, "\n    {s}\n", "\n    {s}\n")
SAY(R_NOTHING, "  nothing is proved\n", "  証明できた記録はありません\n")
SAY(R_PROVED, "  proved complete up to record {a}",
    "  記録{a}まで完全であることを証明しました")
SAY(R_SEALED, ", sealed {t}", "。封印時刻{t}")
SAY(R_EPOCH, ", epoch {a}\n  root {s}\n", "。鍵期間{a}\n  ルート {s}\n")
SAY(R_RECORDS, "  {a} records in {b} segments", "  記録{a}件、セグメント{b}個")
SAY(R_BYTES, ", {a} bytes", "、{a}バイト")
SAY(R_FROM, ", received {t} to ", "、受信期間{t}から")
SAY(R_UNTIL, "{t}", "{t}")
SAY(R_END, "\n", "\n")
SAY(R_DELETED, "  records {a} to {b}, deleted {t}, basis: {s}\n",
    "  記録{a}〜{b}、削除日時{t}、根拠: {s}\n")
SAY(R_PREDECESSOR, "  successor of the log {s}\n", "  先行ログ: {s}\n")
SAY(R_SUCCESSOR, "  goes on in the log {s}", "  後継ログ: {s}")
SAY(R_SUCCESSOR_PIN, ", whose description has the SHA-256 {s}\n",
    "。その記述ファイルのSHA-256は{s}\n")
SAY(R_BREAKS, "  {a} records say that the log before it was broken off\n",
    "  先行ログの中断を示す記録が{a}件あります\n")
SAY(R_STRANGE,
    "  {a} names that do not belong to a log were not looked at; the first: {s}\n",
    "  ログに属さない名前が{a}個あり、検証していません。最初のもの: {s}\n")
SAY(R_LIVE, "  the log is being written: later records were not checked\n",
    "  ログは書き込み中です。以降の記録は検証していません\n")
SAY(R_UNPINNED,
    "  not pinned: the keys are those of the folder itself, so a log forged "
    "whole is not excluded (--pin)\n",
    "  ピン留めなし: "
    "フォルダー内の鍵で検証したため、全体を偽造したログを否定できません(--pin)"
    "\n")
SAY(R_UNANCHORED,
    "  no outside anchor: rollback to an earlier state is not excluded "
    "(--anchor)\n",
    "  外部アンカーなし: 以前の状態への巻き戻しを否定できません(--anchor)\n")
SAY(R_ANCHOR_OUT,
    "  the anchor of size {a} is not of the records that are proved here: it "
    "does not exclude a rollback of them\n",
    "  サイズ{a}のアンカーは、ここで証明した記録のものではなく、その巻き戻しを否定"
    "しません\n")
SAY(R_ANCHORED, "  no rollback before size {a}: an outside anchor says so",
    "  外部アンカーにより、サイズ{a}より前への巻き戻しはありません")
SAY(R_ANCHORED_AT, ", at {t}", "。時刻{t}")
SAY(R_WITNESSED, "  cosigned as the policy asks up to size {a}, at {t}\n",
    "  ポリシーの定足数を満たす共同署名: サイズ{a}まで、時刻{t}\n")
SAY(R_UNWITNESSED, "  no cosignatures that meet the policy's quorum were found\n",
    "  ポリシーの定足数を満たす共同署名は確認できていません\n")
SAY(R_LIMITS,
    "  not proved: that a device told the truth, who a UDP sender is, and "
    "anything after the machine was taken over\n",
    "  証明の対象外: "
    "機器が真実を送ったこと、UDPの送信元が本物であること、装置が乗っ取られた後"
    "のこと\n")

/* The command */
SAY(C_USAGE, "usage:", "使い方:")
SAY(C_OPTIONS, "OPTION...", "オプション...")
SAY(C_STATUS,
    "exit status: 0 intact, 1 tampered, 2 incomplete or unsealed tail, 3 could "
    "not check\n",
    "終了コード: 0 改ざんなし、1 改ざんあり、2 不完全または未封印の末尾、3 "
    "検証できません\n")
SAY(C_JOBS, "--jobs takes a number from 1 to 16, not '{s}'",
    "--jobsには1から16の数を指定してください: '{s}'")
SAY(C_MANY, "that option may be given up to 8 times: '{s}'",
    "このオプションの指定は8回までです: '{s}'")
SAY(C_LANG, "--lang takes en or ja, not '{s}'", "--langにはenかjaを指定してください: '{s}'")
SAY(C_ONE, "one log at a time: what is '{s}'?",
    "ログは1つだけ指定してください: '{s}'")
SAY(C_VERIFYING, "verifying", "検証中")
SAY(C_OUTPUT, "cannot write the report: {s}", "結果を出力できません: {s}")

/* A bag */
SAY(BAG_DECLARATION, "not the two lines of a bag's declaration", "バッグの宣言の2行ではありません")
SAY(BAG_ENCODING, "tag files in an encoding that is not read here", "対応していない文字コードのタグファイルです")
SAY(BAG_LINE, "a line of the manifest is not as BagIt says", "目録の行がBagItの形式ではありません")
SAY(BAG_PATH, "a path that leads out of the bag or to the wrong part of it", "バッグの外や誤った場所を指すパスです")
SAY(BAG_MANY, "more files than can be checked", "ファイルの数が多すぎて検証できません")
SAY(BAG_HASH, "the file is not the one that the manifest lists: its hash differs", "目録のハッシュ値と一致しません")
SAY(BAG_TWICE, "a file is listed twice", "同じファイルが2回記載されています")
SAY(BAG_UNLISTED, "the file is in no manifest", "目録にないファイルです")
SAY(BAG_OXUM, "number or bytes of the files are not what Payload-Oxum says", "ファイルの数またはバイト数がPayload-Oxumと一致しません")
SAY(BAG_NO_MANIFEST, "a bag without a manifest", "目録のないバッグです")

/* A package */
SAY(PACKAGE_TEXT, "not the description of a package", "パッケージの説明の形式ではありません")
SAY(PACKAGE_NOTE, "the note is not about this tag manifest", "このタグ目録についてのノートではありません")
SAY(PACKAGE_KEY, "not a verifier key", "検証鍵の形式ではありません")
SAY(GIVEN_KEY, "not a verifier key (the text itself, not a file's name)", "検証鍵の形式ではありません(ファイル名ではなく、鍵の文字列を指定します)")
SAY(PACKAGE_OWN, "not the key that this was checked with", "検証に使われた鍵と異なります")
SAY(PACKAGE_PROOF, "does not prove that the manifest of segment {a} is in the checkpoint", "セグメント{a}のマニフェストがチェックポイントに含まれることを証明していません")
SAY(PACKAGE_PART, "the records {a} to {b}, which the package is to hold, are not here", "パッケージに含まれるはずの記録{a}〜{b}がありません")
SAY(PACKAGE_HOLE, "{a} records are not here, and nothing in the package shows that the log has deleted them", "記録{a}件が含まれておらず、ログで削除されたことを示すものもパッケージにありません")
SAY(PACKAGE_UNPROVED, "there is no proof that the manifest of the segment with record {a} is in the checkpoint", "記録{a}を含むセグメントのマニフェストがチェックポイントに含まれることの証明がありません")
SAY(PACKAGE_COUNT, "the package names other numbers of records with and without a body than it has", "パッケージが示す本文あり・本文なしの件数が、実際の件数と一致しません")
SAY(PACKAGE_SIZE, "not the checkpoint that the package names", "パッケージが示すチェックポイントではありません")
SAY(EXCERPT_ITEM, "an item of the excerpt is not as specified, or does not follow the one before", "抜粋の項目が形式どおりでないか、前の項目に続いていません")
SAY(EXCERPT_ROOT, "the excerpt does not give the root of the checkpoint: something in it was changed", "抜粋がチェックポイントのルートと一致しません。内容が変更されています")
SAY(STAMP_BAD, "not a granted time-stamp token over a SHA-256", "SHA-256に対する有効なタイムスタンプトークンではありません")
SAY(STAMP_IMPRINT, "a time-stamp token over something else", "別のものに対するタイムスタンプトークンです")
SAY(STAMP_CA, "the file cannot be read, or holds no certificates (PEM)", "ファイルを読み取れないか、証明書(PEM)がありません")
SAY(STAMP_NONE, "the package has no time-stamp token (--tsa)", "パッケージにタイムスタンプトークンがありません(--tsa)")
SAY(STAMP_ESS, "a token without the attribute ESSCertIDv2", "ESSCertIDv2属性のないトークンです")
SAY(STAMP_OTHER, "not the token that record {a} names", "記録{a}が示すトークンではありません")
SAY(STAMP_FOREIGN, "a time-stamp token over no checkpoint of this log that can be seen: it is of another log, or this one was changed or cut", "このログのどのチェックポイントのトークンでもありません。別のログのものか、ログが変更または切り詰められています")
SAY(STAMP_NO_CA, "a time-stamp token proves nothing without its authority's certificates (--tsa)", "タイムスタンプトークンの検証には局の証明書が必要です(--tsa)")
SAY(COSIGNATURE_NONE, "the cosignature that record {a} names is not there", "記録{a}が示す共同署名がありません")
SAY(STAMP_SIGNATURE, "the token's signature does not lead to the certificates given, for time-stamping, at its time", "トークンの署名を、指定された証明書とその時刻で検証できません")
SAY(CMS_SIGNATURE, "the CMS signature does not verify", "CMS署名を検証できません")

SAY(R_PACKAGE, "  package of records {a} to {b} made {t}\n", "  パッケージ: 記録{a}〜{b}。作成時刻{t}\n")
SAY(R_SHOWN, "  {a} records are here as they were received, {b} without their body\n", "  受信したままの記録{a}件、本文を伏せた記録{b}件\n")
SAY(R_SKIPPED, "  {a} other records of their streams lie between and were not handed over\n", "  同じストリームの記録のうち、間の{a}件は引き渡されていません\n")
SAY(R_SIGNER, "  CMS signature of {s}\n", "  CMS署名者: {s}\n")
SAY(R_STAMPED, "  time-stamp token of {t}\n", "  タイムスタンプの時刻: {t}\n")
SAY(R_NOT_STAMPED, "  the token's signer was not checked (--tsa)\n", "  トークンの署名者は検証していません(--tsa)\n")
SAY(R_NOT_CERT, "  the CMS signer is not pinned (--cert)\n", "  CMS署名者はピン留めされていません(--cert)\n")
SAY(R_KEY, "  the key that signed the package is its own: it says nothing of who made it (--key)\n", "  パッケージの署名鍵は同梱のものです。作成者は証明できません(--key)\n")
SAY(R_PROVED_PART, "  proved: what is shown stands so in the log of {a} records", "  提示された記録が、記録{a}件のログにそのまま含まれることを証明しました")
