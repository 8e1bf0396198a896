/*
 * verbs_proc.c - processes, and what the controller does for itself.
 */
#include "litmus.h"
#include <sys/wait.h>

/* Full scans after which two equal pages are merged, measured; and patience. */
#define KSM_SCANS	4
#define KSM_POLLS	2000
#define KSM_POLL_US	5000

static long do_fork(const struct cmd *c, struct rep *r)
{
	long pid = fork();

	if (pid == 0)
		actor_main(c->a);
	r->pid = pid;
	return pid < 0 ? -1 : 0;
}

static int verb_fork(struct op *op, struct rep *r)
{
	int child = op->word[2][0] - 'A';
	struct cmd c = { .run = do_fork, .a = child };
	struct rep hello;

	if (child < 0 || child >= NR_ACTORS || actors[child].alive) {
		skip("bad operand in: %s", op->text);
		return -1;
	}
	if (actor_call(op->actor, &c, r))
		return -1;
	if (r->ret)
		return 0;
	actors[child] = actors[op->actor];
	actors[child].pid = r->pid;
	actors[child].parent = op->actor;
	actors[child].busy = 0;
	return actor_reply(child, &hello);
}

static long do_reap(const struct cmd *c, struct rep *r)
{
	(void)r;
	return waitpid(c->a, 0, __WALL) < 0 ? -1 : 0;
}

/* Whoever reaps an actor knows that its mm is gone: exit_mm() comes before. */
static int verb_exit(struct op *op, struct rep *r)
{
	struct actor *a = &actors[op->actor];
	struct cmd c = { .kind = CMD_EXIT };
	int k;

	if (write(socks[op->actor][0], &c, sizeof(c)) < 0)
		return -1;
	a->alive = 0;
	if (a->parent >= 0 && actors[a->parent].alive) {
		struct cmd reap = { .run = do_reap, .a = a->pid };

		if (actor_call(a->parent, &reap, r))
			return -1;
	} else {
		r->ret = reap(a->pid);
	}
	for (k = 0; k < NR_ACTORS; k++)
		if (actors[k].parent == op->actor)
			actors[k].parent = -1;	/* ours now: we are the subreaper */
	r->minflt = r->majflt = 0;	/* the reaper's, of no interest */
	return 0;
}

static int verb_join(struct op *op, struct rep *r)
{
	struct cmd c = { .kind = CMD_JOIN };
	u64 count;

	if (actor_call(op->actor, &c, r))
		return -1;
	if (r->err != ETIMEDOUT)
		actors[op->actor].busy = 0;
	if (read(job_done[op->actor], &count, sizeof(count)) < 0 && errno != EAGAIN)
		return -1;
	return 0;
}

static int verb_nodrain(struct op *op, struct rep *r)
{
	(void)op;
	(void)r;
	nodrain = 1;
	return 0;
}

static int verb_sleep(struct op *op, struct rep *r)
{
	(void)r;
	usleep(atoi(op->word[2]) * 1000);
	return 0;
}

/* settings.c has noted what ksmd was set to, and sets it back. */
static int ksm_cycle(void)
{
	long before = read_number(KSM_DIR "/full_scans");
	int t;

	write_file(KSM_DIR "/pages_to_scan", "2000");
	write_file(KSM_DIR "/sleep_millisecs", "2");
	write_file(KSM_DIR "/run", "1");
	for (t = 0; t < KSM_POLLS; t++) {
		usleep(KSM_POLL_US);
		if (read_number(KSM_DIR "/full_scans") >= before + KSM_SCANS)
			break;
	}
	write_file(KSM_DIR "/run", "0");
	return before >= 0 && t < KSM_POLLS ? 0 : -1;
}

static int verb_ksm(struct op *op, struct rep *r)
{
	(void)op;
	if (read_number(KSM_DIR "/run") < 0) {
		skip("no KSM");
		return -1;
	}
	r->ret = ksm_cycle();
	return 0;
}

static int verb_ksmun(struct op *op, struct rep *r)
{
	(void)op;
	r->ret = write_file(KSM_DIR "/run", "2");
	write_file(KSM_DIR "/run", "0");
	return 0;
}

const struct verb proc_verbs[] = {
	{ "fork", V_ACTOR, 3, verb_fork },
	{ "exit", V_ACTOR, 2, verb_exit },
	{ "join", V_ACTOR, 2, verb_join },
	{ "nodrain", 0, 2, verb_nodrain },
	{ "sleep", 0, 3, verb_sleep },
	{ "ksm", 0, 2, verb_ksm },
	{ "ksmun", 0, 2, verb_ksmun },
	{ 0, 0, 0, 0 },
};
