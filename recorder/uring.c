/*
 * uring.c - io_uring fixed buffers without liburing: one ring per actor, one
 * registered buffer (FOLL_PIN | FOLL_LONGTERM | FOLL_WRITE), one request at a
 * time to and from scratchfd.
 */
#include "litmus.h"
#include <linux/io_uring.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>

static struct {
	int fd;
	unsigned *sq_tail, *sq_mask, *sq_array;
	unsigned *cq_head, *cq_tail, *cq_mask;
	struct io_uring_sqe *sqe;
	struct io_uring_cqe *cqe;
} ring = { .fd = -1 };

static int ring_init(void)
{
	struct io_uring_params p;
	size_t size, sq_size;
	char *m;

	if (ring.fd >= 0)
		return 0;
	memset(&p, 0, sizeof(p));
	ring.fd = syscall(__NR_io_uring_setup, 4, &p);
	if (ring.fd < 0)
		return -1;
	size = p.cq_off.cqes + p.cq_entries * sizeof(*ring.cqe);
	sq_size = p.sq_off.array + p.sq_entries * sizeof(unsigned);
	if (size < sq_size)
		size = sq_size;
	m = mmap(0, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE,
		 ring.fd, IORING_OFF_SQ_RING);
	ring.sqe = mmap(0, p.sq_entries * sizeof(*ring.sqe), PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_POPULATE, ring.fd, IORING_OFF_SQES);
	if (m == MAP_FAILED || ring.sqe == MAP_FAILED)
		return -1;
	ring.sq_tail = (void *)(m + p.sq_off.tail);
	ring.sq_mask = (void *)(m + p.sq_off.ring_mask);
	ring.sq_array = (void *)(m + p.sq_off.array);
	ring.cq_head = (void *)(m + p.cq_off.head);
	ring.cq_tail = (void *)(m + p.cq_off.tail);
	ring.cq_mask = (void *)(m + p.cq_off.ring_mask);
	ring.cqe = (void *)(m + p.cq_off.cqes);
	return 0;
}

int ring_register(u64 addr, u64 len)
{
	struct iovec v = { (void *)addr, len };

	if (ring_init())
		return -1;
	return syscall(__NR_io_uring_register, ring.fd, IORING_REGISTER_BUFFERS, &v, 1);
}

int ring_unregister(void)
{
	return syscall(__NR_io_uring_register, ring.fd, IORING_UNREGISTER_BUFFERS, 0, 0);
}

/* One page between the fixed buffer and scratchfd; waits for the completion. */
int ring_rw(int opcode, u64 addr)
{
	unsigned tail, slot, head;
	struct io_uring_sqe *s;
	int res;

	if (ring.fd < 0) {
		errno = EBADF;
		return -1;
	}
	tail = *ring.sq_tail;
	slot = tail & *ring.sq_mask;
	s = &ring.sqe[slot];
	memset(s, 0, sizeof(*s));
	s->opcode = opcode;
	s->fd = scratchfd;
	s->addr = addr;
	s->len = PS;
	ring.sq_array[slot] = slot;
	__atomic_store_n(ring.sq_tail, tail + 1, __ATOMIC_RELEASE);
	if (syscall(__NR_io_uring_enter, ring.fd, 1, 1, IORING_ENTER_GETEVENTS, 0, 0) < 0)
		return -1;
	head = *ring.cq_head;
	while (head == __atomic_load_n(ring.cq_tail, __ATOMIC_ACQUIRE))
		sched_yield();
	res = ring.cqe[head & *ring.cq_mask].res;
	__atomic_store_n(ring.cq_head, head + 1, __ATOMIC_RELEASE);
	if (res < 0) {
		errno = -res;
		return -1;
	}
	return res;
}
