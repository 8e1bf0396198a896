/*
 * hold.c - a short-term pin held open for as long as a script likes.
 *
 * A second thread of the controller runs process_vm_readv or writev.  The far
 * page (the actor's) is pinned first; the copy then stops at our own page,
 * which is missing and registered with userfaultfd.  Filling our page lets the
 * copy go on and the pin end.
 */
#include "litmus.h"
#include <linux/userfaultfd.h>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#define HOLD_MS 5000

static struct {
	int on, write, pid;
	int uffd, done;		/* done: eventfd, the system call has returned */
	u64 local, remote;
	pthread_t thread;
	long ret;
	int err;
} hold = { .uffd = -1, .done = -1 };

static void *hold_main(void *unused)
{
	struct iovec l = { (void *)hold.local, PS }, r = { (void *)hold.remote, PS };
	u64 one = 1;

	hold.ret = syscall(hold.write ? __NR_process_vm_writev : __NR_process_vm_readv,
			   hold.pid, &l, 1, &r, 1, 0);
	hold.err = errno;
	if (write(hold.done, &one, sizeof(one)) < 0)
		hold.err = errno;
	return unused;
}

/* Our missing page, watched by userfaultfd. */
static int hold_trap(void)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = { .mode = UFFDIO_REGISTER_MODE_MISSING };
	void *m = mmap(0, PS, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	hold.uffd = syscall(__NR_userfaultfd, O_NONBLOCK);
	if (hold.uffd < 0 || m == MAP_FAILED || ioctl(hold.uffd, UFFDIO_API, &api))
		return -1;
	hold.local = (u64)m;
	reg.range.start = hold.local;
	reg.range.len = PS;
	return ioctl(hold.uffd, UFFDIO_REGISTER, &reg);
}

static void hold_drop(void)
{
	munmap((void *)hold.local, PS);
	close(hold.uffd);
	close(hold.done);
	hold.on = 0;
}

int hold_is_open(void)
{
	return hold.on;
}

/*
 * Returns 0 when the pin is held.  A page that cannot be pinned fails the
 * system call before it comes to our page: -1, the errno of the call, no hold.
 */
int hold_start(int pid, u64 addr, int write)
{
	struct pollfd p[2];

	if (hold_trap())
		return -1;
	hold.done = eventfd(0, 0);
	hold.write = write;
	hold.pid = pid;
	hold.remote = addr;
	if (pthread_create(&hold.thread, 0, hold_main, 0))
		return -1;
	p[0] = (struct pollfd){ hold.uffd, POLLIN, 0 };
	p[1] = (struct pollfd){ hold.done, POLLIN, 0 };
	if (poll(p, 2, HOLD_MS) < 1) {
		errno = ETIMEDOUT;
		return -1;
	}
	if (p[1].revents) {
		pthread_join(hold.thread, 0);
		hold_drop();
		errno = hold.err;
		return -1;
	}
	hold.on = 1;
	refs_out++;
	return 0;
}

/* Let the copy finish: a write pin stores val, a read pin reports what it saw. */
int hold_end(int val, int *seen)
{
	static char page[PS] __attribute__((aligned(4096)));
	struct uffdio_copy copy = { .dst = hold.local, .src = (u64)page, .len = PS };
	int failed;

	memset(page, val, PS);
	failed = ioctl(hold.uffd, UFFDIO_COPY, &copy);
	pthread_join(hold.thread, 0);
	if (!hold.write)
		*seen = *(unsigned char *)hold.local;
	hold_drop();
	refs_out--;
	errno = hold.err;
	return failed || hold.ret != (long)PS ? -1 : 0;
}
