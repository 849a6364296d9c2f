# KONSEKI_CFLAGS(VARIABLE, FLAGS...) / KONSEKI_LDFLAGS(VARIABLE, FLAGS...)
# Append each flag that the compiler (the linker) takes without a warning.
AC_DEFUN([KONSEKI_TRY_FLAGS],
[for house_flag in $3; do
  AC_MSG_CHECKING([whether $CC takes $house_flag])
  house_save=$$2
  $2="$$2 -Werror $house_flag"
  AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])],
    [AC_MSG_RESULT([yes]); $1="$$1 $house_flag"],
    [AC_MSG_RESULT([no])])
  $2=$house_save
done
AC_SUBST([$1])])
AC_DEFUN([KONSEKI_CFLAGS], [KONSEKI_TRY_FLAGS([$1], [CFLAGS], [$2])])
AC_DEFUN([KONSEKI_LDFLAGS], [KONSEKI_TRY_FLAGS([$1], [LDFLAGS], [$2])])
