/*
 * verbs_gup.c - references and pins that are not page table entries: pipes,
 * held pins, gup_test, and accesses to another process.
 */
#include "litmus.h"
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>

#define PIPE_MS 1000	/* a pipe with nothing in it: how long to wait */

/* mm/gup_test.h, which is not part of the exported headers */
struct gup_test_pin {
	u64 addr, size;
	uint32_t flags;
};
#define PIN_LONGTERM_TEST_START	_IOW('g', 7, struct gup_test_pin)
#define PIN_LONGTERM_TEST_STOP	_IO('g', 8)
#define PIN_LONGTERM_TEST_READ	_IOW('g', 9, u64)
#define PIN_WRITE		1
#define PIN_FAST		2

/* ---- vmsplice: FOLL_GET, read-only ---- */

static long do_vmsplice(const struct cmd *c, struct rep *r)
{
	struct iovec v = { (void *)c->a, PS };

	(void)r;
	return vmsplice(pipes[c->b][1], &v, 1, 0);
}

static int find_pipe(struct op *op, const char *word)
{
	int n = atoi(word);

	if (n >= 0 && n < NR_PIPES)
		return n;
	skip("bad operand in: %s", op->text);
	return -1;
}

static int verb_vms(struct op *op, struct rep *r)
{
	struct cmd c = { .run = do_vmsplice, .a = op->addr };
	int n = find_pipe(op, op->word[3]);

	if (n < 0)
		return -1;
	c.b = n;
	if (actor_call(op->actor, &c, r))
		return -1;
	if (r->ret > 0)
		refs_out++;
	r->ret = r->ret > 0 ? 0 : -1;
	return 0;
}

static int verb_prd(struct op *op, struct rep *r)
{
	static char bytes[PS];
	int n = find_pipe(op, op->word[2]);
	struct pollfd p;
	long got = -1;

	if (n < 0)
		return -1;
	p = (struct pollfd){ pipes[n][0], POLLIN, 0 };
	if (poll(&p, 1, PIPE_MS) == 1)
		got = read(pipes[n][0], bytes, PS);
	if (got > 0) {
		refs_out--;
		r->val = (unsigned char)bytes[0];
	}
	r->ret = got > 0 ? 0 : -1;
	return 0;
}

/* ---- a FOLL_PIN held open ---- */

static int verb_hold(struct op *op, struct rep *r)
{
	if (hold_is_open()) {
		skip("a hold is open already at: %s", op->text);
		return -1;
	}
	r->ret = hold_start(actors[op->actor].pid, op->addr, !strcmp(op->word[1], "hrw"));
	r->err = r->ret ? errno : 0;
	if (r->ret && (r->err == ENOSYS || r->err == EPERM)) {
		skip("no userfaultfd/process_vm: errno %d", r->err);
		return -1;
	}
	return 0;
}

static int verb_hrel(struct op *op, struct rep *r)
{
	int seen = -1;

	if (!hold_is_open()) {
		skip("no hold is open at: %s", op->text);
		return -1;
	}
	r->ret = hold_end(hex(op->word[2]), &seen);
	r->err = r->ret ? errno : 0;
	r->val = seen;
	return 0;
}

/* ---- one byte of another process, at once ---- */

static int verb_pv(struct op *op, struct rep *r)
{
	int write = !strcmp(op->word[1], "pvw");
	unsigned char byte = hex(op->word[3]);
	struct iovec local = { &byte, 1 }, remote = { (void *)op->addr, 1 };
	long n = syscall(write ? __NR_process_vm_writev : __NR_process_vm_readv,
			 actors[op->actor].pid, &local, 1, &remote, 1, 0);

	r->ret = n == 1 ? 0 : -1;
	r->err = n < 0 ? errno : 0;
	r->val = write ? -1 : byte;
	return 0;
}

static long do_poke(const struct cmd *c, struct rep *r)
{
	unsigned char byte = c->b;
	char path[64] = "/proc/self/mem";
	int fd;
	long ret;

	(void)r;
	if (c->c)
		snprintf(path, sizeof(path), "/proc/%d/mem", (int)c->c);
	fd = open(path, O_RDWR);
	ret = fd < 0 ? -1 : pwrite(fd, &byte, 1, c->a);
	close(fd);
	return ret;
}

static int verb_poke(struct op *op, struct rep *r)
{
	struct cmd c = { .run = do_poke, .a = op->addr, .b = hex(op->word[3]) };

	if (op->word[4]) {
		int other = op->word[4][0] - 'A';

		if (other < 0 || other >= NR_ACTORS || !actors[other].alive ||
		    !actors[other].has[op->region]) {
			skip("bad operand in: %s", op->text);
			return -1;
		}
		c.c = actors[other].pid;
		c.a += actors[other].addr[op->region] - actors[op->actor].addr[op->region];
	}
	return run_in_actor(op, &c, r);
}

static int verb_ptpoke(struct op *op, struct rep *r)
{
	int pid = actors[op->actor].pid;
	void *addr = (void *)op->addr;
	long word;

	if (ptrace(PTRACE_ATTACH, pid, 0, 0)) {
		skip("ptrace: %s", strerror(errno));
		return -1;
	}
	waitpid(pid, 0, __WALL);
	errno = 0;
	word = ptrace(PTRACE_PEEKDATA, pid, addr, 0);
	word = (word & ~0xffL) | hex(op->word[3]);
	r->ret = ptrace(PTRACE_POKEDATA, pid, addr, (void *)word);
	r->err = r->ret ? errno : 0;
	ptrace(PTRACE_DETACH, pid, 0, 0);
	return 0;
}

/* ---- gup_test: a long-term pin without any I/O ---- */

static int gup_test_fd = -1;	/* of the actor */

static long do_gup_start(const struct cmd *c, struct rep *r)
{
	struct gup_test_pin pin = { c->a, c->b, c->c };

	(void)r;
	gup_test_fd = open("/sys/kernel/debug/gup_test", O_RDWR);
	return gup_test_fd < 0 ? -1 : ioctl(gup_test_fd, PIN_LONGTERM_TEST_START, &pin);
}

static long do_gup_read(const struct cmd *c, struct rep *r)
{
	unsigned char *bytes = malloc(512 * PS);
	u64 to = (u64)bytes;
	long ret = ioctl(gup_test_fd, PIN_LONGTERM_TEST_READ, &to);

	(void)c;
	r->val = bytes[0];
	free(bytes);
	return ret;
}

static long do_gup_stop(const struct cmd *c, struct rep *r)
{
	(void)c;
	(void)r;
	return ioctl(gup_test_fd, PIN_LONGTERM_TEST_STOP);
}

static int verb_gup_start(struct op *op, struct rep *r)
{
	struct cmd c = { .run = do_gup_start, .a = op->addr, .b = op->len };

	c.c = !strcmp(op->word[1], "grw") ? PIN_WRITE : !strcmp(op->word[1], "grof") ? PIN_FAST : 0;
	if (actor_call(op->actor, &c, r))
		return -1;
	if (r->ret < 0 && (r->err == ENOENT || r->err == ENOTTY || r->err == EINVAL)) {
		skip("no gup_test: errno %d", r->err);
		return -1;
	}
	if (r->ret >= 0)
		refs_out++;
	return 0;
}

static int verb_gup_read(struct op *op, struct rep *r)
{
	struct cmd c = { .run = do_gup_read };

	return actor_call(op->actor, &c, r);
}

static int verb_gup_stop(struct op *op, struct rep *r)
{
	struct cmd c = { .run = do_gup_stop };

	if (actor_call(op->actor, &c, r))
		return -1;
	if (r->ret >= 0)
		refs_out--;
	return 0;
}

const struct verb gup_verbs[] = {
	{ "vms", V_ACTOR | V_REGION, 4, verb_vms },
	{ "prd", 0, 3, verb_prd },
	{ "hro", V_ACTOR | V_REGION, 3, verb_hold },
	{ "hrw", V_ACTOR | V_REGION, 3, verb_hold },
	{ "hrel", 0, 3, verb_hrel },
	{ "pvr", V_ACTOR | V_REGION, 3, verb_pv },
	{ "pvw", V_ACTOR | V_REGION, 4, verb_pv },
	{ "poke", V_ACTOR | V_REGION | V_ASYNC, 4, verb_poke },
	{ "ptpoke", V_ACTOR | V_REGION, 4, verb_ptpoke },
	{ "gro", V_ACTOR | V_REGION, 3, verb_gup_start },
	{ "grof", V_ACTOR | V_REGION, 3, verb_gup_start },
	{ "grw", V_ACTOR | V_REGION, 3, verb_gup_start },
	{ "gread", V_ACTOR, 2, verb_gup_read },
	{ "gstop", V_ACTOR, 2, verb_gup_stop },
	{ 0, 0, 0, 0 },
};
