/*
 * actor.c - the process under test: it owns memory and does to it what the
 * controller says, one order at a time.
 */
#include "litmus.h"
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/resource.h>
#include <time.h>

#define JOIN_SECONDS 5

int socks[NR_ACTORS][2];
int job_done[NR_ACTORS];
int pipes[NR_PIPES][2];
int memfds[NR_REGIONS];
int scratchfd;

static int my_idx;
static __thread sigjmp_buf fault_jmp;
static __thread volatile int fault_armed;
static __thread struct rusage usage_before;	/* survives the jump */

static void on_fault(int sig)
{
	if (fault_armed)
		siglongjmp(fault_jmp, sig);
	_exit(100 + sig);
}

long actor_load(const struct cmd *c, struct rep *r)
{
	r->val = *(volatile unsigned char *)c->a;
	return 0;
}

long actor_store(const struct cmd *c, struct rep *r)
{
	(void)r;
	*(volatile unsigned char *)c->a = c->b;
	return 0;
}

/*
 * Run one order; a signal becomes the error of the order.  Everything that
 * this function writes itself is written before the first getrusage(), so
 * that the fault counts of loads and stores are those of the tested page.
 */
static void perform(const struct cmd *c, struct rep *r)
{
	struct rusage after;
	long ret;
	int sig;

	memset(r, 0, sizeof(*r));
	memset(&after, 0, sizeof(after));
	r->val = -1;
	fault_armed = 1;
	sig = sigsetjmp(fault_jmp, 1);
	if (!sig) {
		getrusage(RUSAGE_SELF, &usage_before);
		errno = 0;
		ret = c->run(c, r);
		r->err = ret < 0 ? errno : 0;
		r->ret = ret;
	} else {
		r->ret = -1;
		r->err = -sig;
	}
	fault_armed = 0;
	getrusage(RUSAGE_SELF, &after);
	r->minflt = after.ru_minflt - usage_before.ru_minflt;
	r->majflt = after.ru_majflt - usage_before.ru_majflt;
}

/* The second thread: runs an order that may block (`&verb'). */
static struct {
	pthread_t thread;
	struct cmd c;
	struct rep r;
	int on;
} job;

static void *job_main(void *unused)
{
	u64 one = 1;

	perform(&job.c, &job.r);
	if (write(job_done[my_idx], &one, sizeof(one)) < 0)
		_exit(1);
	return unused;
}

static void job_start(const struct cmd *c, struct rep *r)
{
	memset(r, 0, sizeof(*r));
	r->val = -1;
	job.c = *c;
	memset(&job.r, 0, sizeof(job.r));
	job.on = !pthread_create(&job.thread, 0, job_main, 0);
}

static void job_join(struct rep *r)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += JOIN_SECONDS;
	if (job.on && !pthread_timedjoin_np(job.thread, 0, &until)) {
		*r = job.r;
		job.on = 0;
		return;
	}
	memset(r, 0, sizeof(*r));
	r->ret = -1;
	r->err = ETIMEDOUT;
	r->val = -1;
}

/*
 * Take the copy-on-write faults of our own stack, data and code now, and not
 * inside the first operation whose faults are counted.
 */
static void warm_up(void)
{
	static unsigned char byte;
	struct cmd c = { .run = actor_load, .a = (u64)&byte };
	struct rep r;

	perform(&c, &r);
	c.run = actor_store;
	perform(&c, &r);
}

/*
 * A dead controller then reads as end of file, and no actor outlives it.  Once,
 * in actor A: in its children the numbers may already stand for other files.
 */
static void drop_controller_ends(void)
{
	int i;

	for (i = 0; i < NR_ACTORS; i++)
		close(socks[i][0]);
	close(fuse_fd);
}

/* A child actor tells the controller that it is there, then all serve orders. */
void actor_main(int idx)
{
	struct sigaction sa = { .sa_handler = on_fault, .sa_flags = SA_NODEFER };
	struct cmd c;
	struct rep r;

	my_idx = idx;
	job.on = 0;
	sigaction(SIGSEGV, &sa, 0);
	sigaction(SIGBUS, &sa, 0);
	if (idx == 0)
		drop_controller_ends();
	if (idx > 0) {
		warm_up();
		memset(&r, 0, sizeof(r));
		r.pid = getpid();
		if (write(socks[idx][1], &r, sizeof(r)) < 0)
			_exit(1);
	}
	for (;;) {
		long n = read(socks[idx][1], &c, sizeof(c));

		if (n < 0 && errno == EINTR)
			continue;
		if (n != sizeof(c) || c.kind == CMD_EXIT)
			_exit(0);
		if (c.kind == CMD_START)
			job_start(&c, &r);
		else if (c.kind == CMD_JOIN)
			job_join(&r);
		else
			perform(&c, &r);
		if (write(socks[idx][1], &r, sizeof(r)) < 0)
			_exit(1);
	}
}
