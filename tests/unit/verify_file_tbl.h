/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * ROW(what is done in the log's folder, name, verdict, file, sentence).  A and
 * B are the two segments, D their folder, N another day's.
 */
ROW("true", "nothing done", INTACT, "", "")
ROW("rm $A", "the first segment removed", TAMPERED, "segments",
    "record 0 is missing")
ROW("rm $B", "the last segment removed", TAMPERED, "segments",
    "the log ends before record 9")
ROW("truncate -s 200 $A", "a segment cut", TAMPERED, "segments", "not whole")
ROW("truncate -s 150 $B", "the open segment cut", TAMPERED, "segments",
    "the log ends before record 9")
ROW("printf x >>$A", "a segment enlarged", TAMPERED, "segments",
    "behind the closing")
ROW("mkdir $N && cp $A $N", "a segment twice, in another day", TAMPERED,
    "segments", "a second segment")
ROW("mkdir $N && mv $A $N", "a segment in another day", TAMPERED, "segments",
    "another day")
ROW("mv $A x && mv $B $A && mv x $B", "two segments exchanged", TAMPERED,
    "segments", "not that of its file name")
ROW("mv $A ../x && ln -s $PWD/../x $A", "a link instead of a segment", TAMPERED,
    "segments", "a link")
ROW("rm $B && mkdir $B", "a folder instead of a segment", TAMPERED, "segments",
    "a link, folder or device")
ROW("rm checkpoint && mkfifo checkpoint", "a FIFO instead of a checkpoint",
    TAMPERED, "checkpoint", "a link, folder or device")
ROW("mv manifests ../x && ln -s ../x manifests", "a link instead of a folder",
    TAMPERED, "manifests", "a link")
ROW("truncate -s 1G manifests/000000000000", "a manifest of a gigabyte",
    TAMPERED, "manifests", "longer than")
ROW("truncate -s 1G checkpoint", "a checkpoint of a gigabyte", TAMPERED,
    "checkpoint", "longer than")
ROW("truncate -s 1G epochs", "epochs of a gigabyte", TAMPERED, "epochs",
    "not as specified")
ROW("truncate -s 1G $A", "a segment of a gigabyte", TAMPERED, "segments",
    "behind the closing")
ROW("rm manifests/*", "a manifest removed", TAMPERED, "manifests",
    "manifest of segment 0 is missing")
ROW("cp manifests/000000000000 manifests/000000000007", "a manifest too many",
    TAMPERED, "manifests", "has a manifest")
ROW("rm checkpoint", "the checkpoint removed", TAMPERED, "checkpoint",
    "missing, but")
ROW("rm checkpoint checkpoints/*", "and all kept ones with it", TAMPERED,
    "checkpoint", "missing")
ROW("cp checkpoints/*09 checkpoint", "an older checkpoint put back", TAMPERED,
    "checkpoint", "older than")
ROW("mv checkpoints/*09 checkpoint && rm checkpoints/*",
    "and those behind it removed", TAMPERED, "checkpoint",
    "names a checkpoint of size")
ROW("cp checkpoints/*09 checkpoints/000000000010", "a kept one by another name",
    TAMPERED, "checkpoints/000000000010", "no seal stands")
ROW("cp checkpoints/*09 checkpoints/*3", "a kept one over another", TAMPERED,
    "checkpoints/", "under the name of another")
ROW("rm epochs", "epochs removed", TAMPERED, "epochs", "missing")
ROW("sed -i 1d epochs", "a line of epochs removed", TAMPERED, "epochs",
    "epoch 0 is missing")
ROW("printf '2 AAAA' >>epochs", "a torn line in epochs", INCOMPLETE, "epochs",
    "not whole")
ROW("sed -i 's/600/601/' log", "another description", TAMPERED, "log",
    "differs from the pinned")
ROW("rm log", "no description", TAMPERED, "log", "missing")
ROW("rm ../pin", "no pin", IMPOSSIBLE, "pin", "No such file")
ROW("mv ../log ../other", "no folder", IMPOSSIBLE, "log", "No such file")
ROW("chmod 0 ../pin; test -r ../pin && rm ../pin; true", "an unreadable pin",
    IMPOSSIBLE, "pin", "")
ROW("echo x >$D/notes.txt; echo x >index.db", "names of nobody", INTACT, "", "")
