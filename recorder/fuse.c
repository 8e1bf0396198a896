/*
 * fuse.c - a minimal FUSE server: a root directory and one file `f' with direct
 * I/O.  While fuse_paused is set a read or write of that file stays in flight
 * until the script says `fdone'.
 */
#include "litmus.h"
#include <linux/fuse.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>

int fuse_fd = -1, fuse_paused;
char fuse_path[64];

int fuse_is_io(int opcode)
{
	return opcode == FUSE_READ || opcode == FUSE_WRITE;
}

static size_t answer_init(const struct fuse_init_in *in, struct fuse_init_out *out)
{
	out->major = FUSE_KERNEL_VERSION;
	out->minor = in->minor < FUSE_KERNEL_MINOR_VERSION ? in->minor : FUSE_KERNEL_MINOR_VERSION;
	out->max_readahead = 65536;
	out->max_write = 65536;
	out->max_background = 16;
	out->congestion_threshold = 12;
	return sizeof(*out);
}

static void fill_attr(struct fuse_attr *a, u64 ino)
{
	a->ino = ino;
	a->mode = ino == 1 ? S_IFDIR | 0755 : S_IFREG | 0666;
	a->nlink = 1;
	a->size = 1 << 20;
	a->blksize = 4096;
}

static size_t answer_lookup(struct fuse_entry_out *out)
{
	out->nodeid = 2;
	out->entry_valid = out->attr_valid = 1000;
	fill_attr(&out->attr, 2);
	return sizeof(*out);
}

static size_t answer_getattr(u64 ino, struct fuse_attr_out *out)
{
	out->attr_valid = 1000;
	fill_attr(&out->attr, ino);
	return sizeof(*out);
}

static size_t answer_open(struct fuse_open_out *out)
{
	out->fh = 1;
	out->open_flags = FOPEN_DIRECT_IO;
	return sizeof(*out);
}

/*
 * Answer one request and return its opcode, -1 on failure.  A read is
 * answered with bytes `data'; a write reports its first byte in *seen.
 */
int fuse_serve(int data, int *seen)
{
	static char request[1 << 20], reply[8192];
	struct fuse_in_header *in = (void *)request;
	struct fuse_out_header *out = (void *)reply;
	void *arg = request + sizeof(*in), *res = reply + sizeof(*out);
	size_t len = 0;

	if (read(fuse_fd, request, sizeof(request)) < (long)sizeof(*in))
		return -1;
	memset(reply, 0, sizeof(reply));
	out->unique = in->unique;
	switch (in->opcode) {
	case FUSE_INIT:
		len = answer_init(arg, res);
		break;
	case FUSE_LOOKUP:
		len = answer_lookup(res);
		break;
	case FUSE_GETATTR:
		len = answer_getattr(in->nodeid, res);
		break;
	case FUSE_OPEN:
		len = answer_open(res);
		break;
	case FUSE_READ: {
		const struct fuse_read_in *rd = arg;

		memset(res, data, PS);
		len = rd->size < PS ? rd->size : PS;
		if (seen)
			*seen = -1;
		break;
	}
	case FUSE_WRITE: {
		const struct fuse_write_in *wr = arg;
		struct fuse_write_out *ok = res;

		if (seen)
			*seen = *((unsigned char *)arg + sizeof(*wr));
		ok->size = wr->size;
		len = sizeof(*ok);
		break;
	}
	case FUSE_FLUSH:
	case FUSE_RELEASE:
		break;
	case FUSE_FORGET:
	case FUSE_BATCH_FORGET:
	case FUSE_INTERRUPT:
		return in->opcode;	/* these want no answer */
	default:
		out->error = -ENOSYS;
	}
	out->len = sizeof(*out) + len;
	return write(fuse_fd, reply, out->len) < 0 ? -1 : (int)in->opcode;
}

/*
 * Mount over /tmp, in a mount namespace of our own: the machine sees nothing
 * of it, and it is gone with the last process of the experiment.
 */
int fuse_mount(void)
{
	char opt[100];

	fuse_fd = open("/dev/fuse", O_RDWR);
	if (fuse_fd < 0)
		return -1;
	if (unshare(CLONE_NEWNS) || mount(0, "/", 0, MS_REC | MS_PRIVATE, 0))
		return -1;
	snprintf(opt, sizeof(opt), "fd=%d,rootmode=40000,user_id=0,group_id=0", fuse_fd);
	if (mount("litmus", "/tmp", "fuse", 0, opt))
		return -1;
	strcpy(fuse_path, "/tmp/f");
	return fuse_serve(0, 0) == FUSE_INIT ? 0 : -1;
}

/* Abort what is in flight: an actor that closes the file would wait for us forever. */
void fuse_unmount(void)
{
	if (!fuse_path[0])
		return;
	umount2("/tmp", MNT_FORCE | MNT_DETACH);
	close(fuse_fd);
	fuse_fd = -1;
}
