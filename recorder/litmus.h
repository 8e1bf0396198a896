/*
 * litmus.h - what the parts of the recorder share.
 *
 * Processes: main starts one runner per experiment; the runner (the
 * "controller" of the language, actor `-') starts actor A and tells the
 * actors A..E over sockets what to do, one operation at a time.  After every
 * operation it looks at the watched pages of every actor from outside.
 *
 * The files can also be pasted one after the other into one C file: no two of
 * them define the same static name.
 */
#ifndef LITMUS_H
#define LITMUS_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef uint64_t u64;

#define PS		4096UL
#define NR_ACTORS	5	/* A..E */
#define NR_REGIONS	4	/* a..d */
#define NR_PIPES	4
#define NR_WORDS	8	/* longest operation, in words */

#define THP_DIR		"/sys/kernel/mm/transparent_hugepage"
#define MTHP_ENABLED	THP_DIR "/hugepages-64kB/enabled"
#define KSM_DIR		"/sys/kernel/mm/ksm"
#define NR_HUGEPAGES	"/proc/sys/vm/nr_hugepages"

/* ---- actor.c: the side that owns the memory ---------------------------- */

/* What an operation did, seen by the process that did it. */
struct rep {
	int ret;		/* < 0: failed */
	int err;		/* errno, or -signal */
	int val;		/* byte that the operation reports, or -1 */
	int pid;		/* child of fork, file descriptor of userfaultfd */
	long minflt, majflt;
};

enum cmd_kind { CMD_RUN, CMD_START, CMD_JOIN, CMD_EXIT };

/*
 * One order to an actor.  Actors are forks of the controller, so a function
 * pointer means the same thing on both sides of the socket.
 */
struct cmd {
	long (*run)(const struct cmd *c, struct rep *r);
	enum cmd_kind kind;
	u64 a, b, c, d;		/* meaning is up to run() */
};

extern int socks[NR_ACTORS][2];		/* [0] controller, [1] actor */
extern int job_done[NR_ACTORS];		/* eventfd: the second thread is through */
extern int pipes[NR_PIPES][2];
extern int memfds[NR_REGIONS];
extern int scratchfd;			/* far end of io_uring fixed I/O */

void actor_main(int idx) __attribute__((noreturn));
long actor_load(const struct cmd *c, struct rep *r);
long actor_store(const struct cmd *c, struct rep *r);

/* uring.c, for actors; 0 or a byte count, -1 and errno on failure */
int ring_register(u64 addr, u64 len);
int ring_unregister(void);
int ring_rw(int opcode, u64 addr);

/* ---- runner.c: the controller ------------------------------------------- */

struct actor {
	int pid, alive, parent;
	int busy;		/* its second thread has been started, not joined */
	int uffd;		/* our copy of its userfaultfd, or -1 */
	int has[NR_REGIONS];
	u64 addr[NR_REGIONS];
};

enum region_kind { K_ANON, K_SHANON, K_MEMFD, K_PFILE, K_THP, K_HUGE, K_SHTHP, K_MTHP, NR_KINDS };

/* The shape of region a..d; the address is per actor (mremap). */
struct region {
	enum region_kind kind;
	int npages;
	int nwatch, watch[8];	/* pages that snapshots look at */
};

extern struct actor actors[NR_ACTORS];
extern struct region regions[NR_REGIONS];

/*
 * References that the kernel holds for us (pipes, pins, I/O in flight).  A
 * frame that nobody maps is free only if there are none.
 */
extern int refs_out;
extern int nodrain;

void run_experiment(const char *name, const char *script) __attribute__((noreturn));
void skip(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
int skipping(void);
int actor_call(int i, const struct cmd *c, struct rep *r);
int actor_reply(int i, struct rep *r);
int reap(int pid);
void settle(int i);
void json_string(FILE *o, const char *s);

/* snapshot.c */
void snapshot_open(void);
int snapshot_works(void);
void snapshot(FILE *o);

/* ---- verbs.c: one operation of the language ------------------------------ */

struct op {
	const char *text;	/* as written, for messages */
	char *word[NR_WORDS];	/* word[0] the actor, word[1] the verb; 0 past the end */
	int nwords;
	int actor;		/* -1: the controller */
	int async;		/* `&verb' */
	int region;
	int page;		/* -1: the whole region */
	u64 addr, len;		/* the operand in the actor */
};

/*
 * run() fills in the reply (zeroed, val -1) and returns 0, or calls skip() and
 * returns -1 if this kernel cannot run the experiment at all.
 */
struct verb {
	const char *name;
	int flags;
	int nwords;		/* at least so many, actor and verb included */
	int (*run)(struct op *op, struct rep *r);
};

#define V_ACTOR		1	/* needs an actor, not `-' */
#define V_REGION	2	/* word[2] names a region that the actor has */
#define V_ASYNC		4	/* may be started in a second thread */

extern const struct verb mm_verbs[], proc_verbs[], gup_verbs[], io_verbs[], uffd_verbs[];

int run_op(const char *text, struct rep *r);
int run_in_actor(struct op *op, struct cmd *c, struct rep *r);
int parse_page(const char *word, int *page);
int hex(const char *word);

/* fuse.c: a file whose reads and writes are answered when the script says so */
extern int fuse_fd, fuse_paused;
extern char fuse_path[];
int fuse_mount(void);
void fuse_unmount(void);
int fuse_serve(int data, int *seen);
int fuse_is_io(int opcode);

/* hold.c: a pin held open in the middle of process_vm_readv/writev */
int hold_start(int pid, u64 addr, int write);
int hold_end(int val, int *seen);
int hold_is_open(void);

/* ---- settings.c: what a run changes on the machine, and takes back -------- */

int settings_needed(const char *script);
int settings_begin(int needs);
void settings_end(void);
void settings_forget(void);

int write_file(const char *path, const char *text);
long read_number(const char *path);

/* ---- script.c, init.c ------------------------------------------------------ */

struct experiment {
	char *name, *desc, *script;
};

struct experiment *load_experiments(char *text, int *count);
char *slurp(const char *path);

void init_begin(void);
int init_other(void);
void init_end(void) __attribute__((noreturn));

#endif
