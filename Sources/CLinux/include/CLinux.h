#ifndef CLINUX_H
#define CLINUX_H
#include <sys/epoll.h>
#include <sys/eventfd.h>

// No header here that Glibc has too: whichever module Swift reads first would own its names, and the files that import
// only the other would not see them. Pointers to their types are untyped for that reason.

// Calls that glibc shows only with _GNU_SOURCE, which must not be defined in a header that Swift imports together
// with Glibc (fd_set would differ); so they are plain functions here.

// accept4(2) with SOCK_NONBLOCK and SOCK_CLOEXEC; address is a struct sockaddr *, length a socklen_t *.
int clinux_accept(int listener, void *address, unsigned int *length);

// pipe2(2) with O_NONBLOCK and O_CLOEXEC.
int clinux_pipe(int descriptors[2]);

// malloc_trim(3), of all arenas.
void clinux_trim_memory(void);

// Names the calling thread, for top, gdb and perf; at most 15 characters are kept.
void clinux_name_thread(const char *name);

// Arranges that each delivery of the signal writes its number as one byte to the descriptor (one for the process).
int clinux_signal_to_pipe(int signal_number, int descriptor);

// renameat2(2) within one folder, with RENAME_NOREPLACE: fails with EEXIST if the new name is taken.
int clinux_rename_no_replace(int directory, const char *from, const char *to);

// posix_spawn_file_actions_addclosefrom_np(3): the child has no descriptor from `lowest` on.
int clinux_spawn_close_from(void *actions, int lowest);

// posix_spawn_file_actions_addchdir_np(3): the child starts in this folder.
int clinux_spawn_in_folder(void *actions, const char *path);

#endif
