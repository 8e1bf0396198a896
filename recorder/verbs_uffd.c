/*
 * verbs_uffd.c - userfaultfd.  The actor opens and registers it; the controller
 * takes a copy of the descriptor and plays the monitor.
 */
#include "litmus.h"
#include <linux/userfaultfd.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

#define EVENT_MS 5000

#ifndef __NR_pidfd_open
#define __NR_pidfd_open		434
#endif
#ifndef __NR_pidfd_getfd
#define __NR_pidfd_getfd	438
#endif

static long do_register(const struct cmd *c, struct rep *r)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = { .range = { c->a, c->b }, .mode = c->c };
	int fd = syscall(__NR_userfaultfd, O_CLOEXEC | O_NONBLOCK);

	r->pid = fd;
	if (fd < 0 || ioctl(fd, UFFDIO_API, &api))
		return -1;
	return ioctl(fd, UFFDIO_REGISTER, &reg);
}

static int verb_register(struct op *op, struct rep *r)
{
	struct actor *a = &actors[op->actor];
	struct cmd c = { .run = do_register, .a = a->addr[op->region] };
	int pidfd;

	c.b = regions[op->region].npages * PS;
	c.c = !strcmp(op->word[1], "uffdwp") ? UFFDIO_REGISTER_MODE_WP : UFFDIO_REGISTER_MODE_MISSING;
	if (actor_call(op->actor, &c, r))
		return -1;
	if (r->ret) {
		skip("userfaultfd: errno %d", r->err);
		return -1;
	}
	pidfd = syscall(__NR_pidfd_open, a->pid, 0);
	a->uffd = syscall(__NR_pidfd_getfd, pidfd, r->pid, 0);
	if (a->uffd < 0)
		skip("pidfd_getfd: errno %d", errno);
	close(pidfd);
	return a->uffd < 0 ? -1 : 0;
}

static int find_uffd(struct op *op)
{
	if (actors[op->actor].uffd >= 0)
		return actors[op->actor].uffd;
	skip("no userfaultfd at: %s", op->text);
	return -1;
}

static int verb_protect(struct op *op, struct rep *r)
{
	struct uffdio_writeprotect x = { .range = { op->addr, op->len } };
	int fd = find_uffd(op);

	if (fd < 0)
		return -1;
	if (!strcmp(op->word[1], "wp"))
		x.mode = UFFDIO_WRITEPROTECT_MODE_WP;
	r->ret = ioctl(fd, UFFDIO_WRITEPROTECT, &x);
	r->err = r->ret ? errno : 0;
	settle(op->actor);
	return 0;
}

static int verb_uwait(struct op *op, struct rep *r)
{
	struct pollfd p = { find_uffd(op), POLLIN, 0 };
	struct uffd_msg msg;

	if (p.fd < 0)
		return -1;
	if (poll(&p, 1, EVENT_MS) == 1 && read(p.fd, &msg, sizeof(msg)) == sizeof(msg))
		r->val = msg.arg.pagefault.flags;
	else
		r->ret = -1;
	return 0;
}

static int verb_ucopy(struct op *op, struct rep *r)
{
	static char bytes[PS] __attribute__((aligned(4096)));
	struct uffdio_copy x = { .dst = op->addr, .src = (u64)bytes, .len = PS };
	int fd = find_uffd(op);

	if (fd < 0)
		return -1;
	memset(bytes, hex(op->word[3]), PS);
	r->ret = ioctl(fd, UFFDIO_COPY, &x);
	r->err = r->ret ? errno : 0;
	settle(op->actor);
	return 0;
}

const struct verb uffd_verbs[] = {
	{ "uffdwp", V_ACTOR | V_REGION, 3, verb_register },
	{ "uffdmiss", V_ACTOR | V_REGION, 3, verb_register },
	{ "wp", V_ACTOR | V_REGION, 3, verb_protect },
	{ "unwp", V_ACTOR | V_REGION, 3, verb_protect },
	{ "uwait", V_ACTOR | V_REGION, 3, verb_uwait },
	{ "ucopy", V_ACTOR | V_REGION, 4, verb_ucopy },
	{ 0, 0, 0, 0 },
};
