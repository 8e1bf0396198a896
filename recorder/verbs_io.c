/*
 * verbs_io.c - devices that read or write the memory: O_DIRECT at once, direct
 * I/O in flight (FUSE), io_uring fixed buffers.
 */
#include "litmus.h"
#include <linux/io_uring.h>
#include <poll.h>

#define REQUEST_MS 5000		/* until a started request reaches the FUSE daemon */

/* ---- O_DIRECT from a disk file in the current directory ---- */

static long do_direct_read(const struct cmd *c, struct rep *r)
{
	char path[] = "./litmus.XXXXXX", *bytes = malloc(PS);
	int fd = mkstemp(path);
	long ret;

	(void)r;
	unlink(path);
	memset(bytes, c->b, PS);
	ret = pwrite(fd, bytes, PS, 0);
	free(bytes);
	if (ret != (long)PS || fsync(fd) || fcntl(fd, F_SETFL, O_DIRECT))
		ret = -1;
	else
		ret = pread(fd, (void *)c->a, PS, 0);
	close(fd);
	return ret;
}

static int verb_dio(struct op *op, struct rep *r)
{
	struct cmd c = { .run = do_direct_read, .a = op->addr, .b = hex(op->word[3]) };

	if (actor_call(op->actor, &c, r))
		return -1;
	if (r->ret < 0 && r->err == EINVAL) {
		skip("file system has no O_DIRECT");
		return -1;
	}
	r->ret = r->ret == (int)PS ? 0 : -1;
	return 0;
}

/* ---- direct I/O in flight ---- */

static int fuse_file = -1;	/* of the actor */

static long do_fuse_open(const struct cmd *c, struct rep *r)
{
	(void)c;
	(void)r;
	fuse_file = open(fuse_path, O_RDWR);
	return fuse_file < 0 ? -1 : 0;
}

static long do_fuse_read(const struct cmd *c, struct rep *r)
{
	(void)r;
	return pread(fuse_file, (void *)c->a, PS, 0);
}

static long do_fuse_write(const struct cmd *c, struct rep *r)
{
	(void)r;
	return pwrite(fuse_file, (void *)c->a, PS, 0);
}

static int verb_fopen(struct op *op, struct rep *r)
{
	struct cmd c = { .run = do_fuse_open };

	if (actor_call(op->actor, &c, r))
		return -1;
	if (r->ret < 0) {
		skip("FUSE open: errno %d", r->err);
		return -1;
	}
	return 0;
}

/* Start the request in the second thread and wait until the daemon has it. */
static int verb_fuse_io(struct op *op, struct rep *r)
{
	struct cmd c = { .kind = CMD_START, .a = op->addr };
	struct pollfd p[2] = { { fuse_fd, POLLIN, 0 }, { job_done[op->actor], POLLIN, 0 } };

	if (fuse_fd < 0 || actors[op->actor].busy) {
		skip("no file open, or the second thread is busy at: %s", op->text);
		return -1;
	}
	c.run = !strcmp(op->word[1], "frd") ? do_fuse_read : do_fuse_write;
	fuse_paused = 1;
	if (actor_call(op->actor, &c, r))
		return -1;
	actors[op->actor].busy = 1;
	if (poll(p, 2, REQUEST_MS) < 1 || !p[0].revents) {
		fuse_paused = 0;
		r->ret = -1;
		r->err = ETIMEDOUT;
		return 0;
	}
	refs_out++;
	return 0;
}

static int verb_fdone(struct op *op, struct rep *r)
{
	int i, opcode, seen = -1;

	if (!fuse_paused) {
		skip("nothing in flight at: %s", op->text);
		return -1;
	}
	opcode = fuse_serve(hex(op->word[2]), &seen);
	for (i = 0; i < NR_ACTORS; i++)
		settle(i);
	fuse_paused = 0;
	refs_out--;
	r->ret = fuse_is_io(opcode) ? 0 : -1;
	r->val = seen;
	return 0;
}

/* ---- io_uring fixed buffers ---- */

static long do_ring_register(const struct cmd *c, struct rep *r)
{
	(void)r;
	return ring_register(c->a, c->b);
}

static long do_ring_unregister(const struct cmd *c, struct rep *r)
{
	(void)c;
	(void)r;
	return ring_unregister();
}

/* Write the buffer out and report its first byte as the file got it. */
static long do_ring_write(const struct cmd *c, struct rep *r)
{
	unsigned char byte;
	long ret = ring_rw(IORING_OP_WRITE_FIXED, c->a);

	if (ret >= 0 && pread(scratchfd, &byte, 1, 0) == 1)
		r->val = byte;
	return ret;
}

static long do_ring_read(const struct cmd *c, struct rep *r)
{
	char *bytes = malloc(PS);
	long ret;

	(void)r;
	memset(bytes, c->b, PS);
	ret = pwrite(scratchfd, bytes, PS, 0);
	free(bytes);
	return ret == (long)PS ? ring_rw(IORING_OP_READ_FIXED, c->a) : -1;
}

static int verb_ureg(struct op *op, struct rep *r)
{
	struct cmd c = { .run = do_ring_register, .a = op->addr, .b = op->len };

	if (actor_call(op->actor, &c, r))
		return -1;
	if (r->ret < 0 && (r->err == ENOSYS || r->err == EPERM)) {
		skip("no io_uring: errno %d", r->err);
		return -1;
	}
	if (r->ret >= 0)
		refs_out++;
	return 0;
}

static int verb_uunreg(struct op *op, struct rep *r)
{
	struct cmd c = { .run = do_ring_unregister };

	if (actor_call(op->actor, &c, r))
		return -1;
	if (r->ret >= 0)
		refs_out--;
	return 0;
}

static int verb_uring_io(struct op *op, struct rep *r)
{
	struct cmd c = { .run = do_ring_write, .a = op->addr };

	if (!strcmp(op->word[1], "urd")) {
		c.run = do_ring_read;
		c.b = hex(op->word[3]);
	}
	if (actor_call(op->actor, &c, r))
		return -1;
	if (r->ret >= 0)
		r->ret = r->ret == (int)PS ? 0 : -1;
	return 0;
}

const struct verb io_verbs[] = {
	{ "dio", V_ACTOR | V_REGION, 4, verb_dio },
	{ "fopen", V_ACTOR, 2, verb_fopen },
	{ "frd", V_ACTOR | V_REGION, 3, verb_fuse_io },
	{ "fwr", V_ACTOR | V_REGION, 3, verb_fuse_io },
	{ "fdone", 0, 3, verb_fdone },
	{ "ureg", V_ACTOR | V_REGION, 3, verb_ureg },
	{ "uunreg", V_ACTOR, 2, verb_uunreg },
	{ "uwr", V_ACTOR | V_REGION, 3, verb_uring_io },
	{ "urd", V_ACTOR | V_REGION, 4, verb_uring_io },
	{ 0, 0, 0, 0 },
};
