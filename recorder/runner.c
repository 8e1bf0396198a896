/*
 * runner.c - the controller of one experiment, in a process of its own: starts
 * actor A, runs the operations one after the other, prints one JSON line.
 */
#include "litmus.h"
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>

/* How long a started second thread gets to finish, or to block. */
#define SETTLE_MS 30

struct actor actors[NR_ACTORS];
struct region regions[NR_REGIONS];
int refs_out, nodrain;

static char skip_why[200];
static void *unrelated;		/* a page of our own, see drain() */

void skip(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(skip_why, sizeof(skip_why), fmt, ap);
	va_end(ap);
}

int skipping(void)
{
	return skip_why[0] != 0;
}

void json_string(FILE *o, const char *s)
{
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			fprintf(o, "\\%c", *s);
		else if ((unsigned char)*s < 0x20)
			fprintf(o, "\\u%04x", *s);
		else
			fputc(*s, o);
	}
}

/* Wait for an actor's reply; serve FUSE meanwhile, the actor may need it. */
int actor_reply(int i, struct rep *r)
{
	for (;;) {
		struct pollfd p[2] = { { socks[i][0], POLLIN, 0 }, { fuse_fd, POLLIN, 0 } };

		if (poll(p, fuse_fd >= 0 && !fuse_paused ? 2 : 1, -1) < 0)
			continue;
		if (p[0].revents)
			return read(socks[i][0], r, sizeof(*r)) == sizeof(*r) ? 0 : -1;
		if (p[1].revents)
			fuse_serve(0, 0);
	}
}

/* Send an order and wait; -1 only if the actor is lost. */
int actor_call(int i, const struct cmd *c, struct rep *r)
{
	if (write(socks[i][0], c, sizeof(*c)) != sizeof(*c))
		return -1;
	return actor_reply(i, r);
}

/* Wait until a child is gone; it may have a FUSE file to close. */
int reap(int pid)
{
	struct pollfd p = { fuse_fd, POLLIN, 0 };
	int gone;

	if (fuse_fd < 0 || fuse_paused)
		return waitpid(pid, 0, __WALL) < 0 ? -1 : 0;
	while ((gone = waitpid(pid, 0, __WALL | WNOHANG)) == 0)
		if (poll(&p, 1, 1) == 1)
			fuse_serve(0, 0);
	return gone < 0 ? -1 : 0;
}

/*
 * Give the second thread of an actor, if it runs one, time to finish what it
 * can.  Nothing tells that a thread is blocked for good: hence a time limit.
 */
void settle(int i)
{
	struct pollfd p = { job_done[i], POLLIN, 0 };

	if (actors[i].busy)
		poll(&p, 1, SETTLE_MS);
}

/*
 * New pages sit in a per-CPU batch on their way to the LRU list, and the batch
 * holds a reference.  MADV_COLD empties the batch of this CPU before anything
 * else; an unrelated page leaves the tested ones alone.
 */
static void drain(void)
{
	if (!nodrain)
		madvise(unrelated, PS, MADV_COLD);
}

static void open_channels(const char *script)
{
	int i;

	for (i = 0; i < NR_ACTORS; i++) {
		if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, socks[i]))
			skip("socketpair: %s", strerror(errno));
		job_done[i] = eventfd(0, EFD_NONBLOCK);
		actors[i].parent = actors[i].uffd = -1;
	}
	for (i = 0; i < NR_PIPES; i++)
		if (pipe(pipes[i]))
			skip("pipe: %s", strerror(errno));
	for (i = 0; i < NR_REGIONS; i++) {
		static char bytes[PS * 4];

		memset(bytes, 0x50 + i, sizeof(bytes));
		memfds[i] = syscall(__NR_memfd_create, "litmus", 0);
		if (write(memfds[i], bytes, sizeof(bytes)) < 0)
			skip("memfd: %s", strerror(errno));
	}
	scratchfd = syscall(__NR_memfd_create, "scratch", 0);
	unrelated = mmap(0, PS, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	*(volatile char *)unrelated = 1;
	/* before actor A exists: all must share the mount namespace */
	if (strstr(script, "fopen") && fuse_mount())
		skip("no FUSE: %s", strerror(errno));
}

static void start_root_actor(void)
{
	actors[0].pid = fork();
	if (actors[0].pid == 0)
		actor_main(0);
	actors[0].alive = actors[0].pid > 0;
}

static const char *error_name(int err)
{
	if (err == -SIGSEGV)
		return "SIGSEGV";
	if (err == -SIGBUS)
		return "SIGBUS";
	return strerrorname_np(err);
}

static void print_step(FILE *o, const char *op, const struct rep *r)
{
	fprintf(o, "{\"op\":\"");
	json_string(o, op);
	fprintf(o, "\",\"ret\":%d", r->ret);
	if (r->err)
		fprintf(o, ",\"err\":\"%s\"", error_name(r->err));
	if (r->val != -1)
		fprintf(o, ",\"val\":\"%02x\"", r->val & 0xff);
	if (r->minflt || r->majflt)
		fprintf(o, ",\"flt\":[%ld,%ld]", r->minflt, r->majflt);
	fprintf(o, ",");
	snapshot(o);
	fprintf(o, "}");
}

static void run_script(FILE *o, char *script)
{
	const char *sep = "";
	char *op, *next;
	struct rep r;

	for (op = script; op && !skipping(); op = next) {
		next = strchr(op, ';');
		if (next)
			*next++ = 0;
		op += strspn(op, " \t\r\n");
		if (!*op)
			continue;
		if (run_op(op, &r)) {
			if (!skipping())
				skip("actor lost at: %s", op);
			return;
		}
		drain();
		fputs(sep, o);
		print_step(o, op, &r);
		sep = ",";
	}
}

/* Leave nothing behind: the next experiment starts with their memory free. */
static void end_actors(void)
{
	int i;

	fuse_unmount();
	for (i = 0; i < NR_ACTORS; i++)
		if (actors[i].alive)
			kill(actors[i].pid, SIGKILL);
	while (wait(0) > 0)
		;
}

void run_experiment(const char *name, const char *script)
{
	struct utsname un;
	size_t len;
	char *line;
	FILE *o;

	uname(&un);
	prctl(PR_SET_CHILD_SUBREAPER, 1);	/* orphaned actors come to us */
	signal(SIGPIPE, SIG_IGN);
	snapshot_open();
	open_channels(script);
	start_root_actor();

	o = open_memstream(&line, &len);
	fprintf(o, "{\"kernel\":\"%s\",\"name\":\"", un.release);
	json_string(o, name);
	fprintf(o, "\",\"steps\":[");
	run_script(o, strdup(script));
	fprintf(o, "]");
	if (skipping()) {
		fprintf(o, ",\"skip\":\"");
		json_string(o, skip_why);
		fprintf(o, "\"");
	}
	fprintf(o, "}\n");
	fclose(o);
	if (write(STDOUT_FILENO, line, len) != (ssize_t)len)
		_exit(3);
	end_actors();
	_exit(0);
}
