/*
 * verbs.c - from the text of one operation to the function that runs it.
 */
#include "litmus.h"

static const struct verb *const verb_tables[] = {
	mm_verbs, proc_verbs, gup_verbs, io_verbs, uffd_verbs,
};

int hex(const char *word)
{
	return word ? (int)strtol(word, 0, 16) : 0;
}

/* "a.1" is page 1 of region 0, "a" the whole of it (page -1); -1: neither. */
int parse_page(const char *word, int *page)
{
	int region = word[0] - 'a';

	*page = word[1] == '.' ? atoi(word + 2) : -1;
	return region < 0 || region >= NR_REGIONS ? -1 : region;
}

static const struct verb *find_verb(const char *name)
{
	const struct verb *v;
	size_t i;

	for (i = 0; i < sizeof(verb_tables) / sizeof(verb_tables[0]); i++)
		for (v = verb_tables[i]; v->name; v++)
			if (!strcmp(v->name, name))
				return v;
	return 0;
}

static void split_words(struct op *op, char *buf)
{
	char *word, *rest;

	for (word = strtok_r(buf, " \t", &rest); word && op->nwords < NR_WORDS;
	     word = strtok_r(0, " \t", &rest))
		op->word[op->nwords++] = word;
}

static int find_operand(struct op *op)
{
	struct actor *a = &actors[op->actor];

	op->region = parse_page(op->word[2], &op->page);
	if (op->region < 0 || op->page >= 1 << 20) {
		skip("bad operand in: %s", op->text);
		return -1;
	}
	if (!a->has[op->region]) {
		skip("region not mapped in: %s", op->text);
		return -1;
	}
	op->addr = a->addr[op->region] + (op->page < 0 ? 0 : op->page * PS);
	op->len = op->page < 0 ? regions[op->region].npages * PS : PS;
	return 0;
}

/*
 * Run one operation.  -1 means that the experiment cannot go on: skip() says
 * why, or an actor was lost.
 */
int run_op(const char *text, struct rep *r)
{
	struct op op = { .text = text };
	const struct verb *v;
	char buf[200];

	memset(r, 0, sizeof(*r));
	r->val = -1;
	snprintf(buf, sizeof(buf), "%s", text);
	split_words(&op, buf);
	if (op.nwords < 2) {
		skip("bad line %s", text);
		return -1;
	}
	op.actor = op.word[0][0] == '-' ? -1 : op.word[0][0] - 'A';
	if (op.actor < -1 || op.actor >= NR_ACTORS ||
	    (op.actor >= 0 && !actors[op.actor].alive)) {
		skip("no actor in: %s", text);
		return -1;
	}
	if (op.word[1][0] == '&') {
		op.async = 1;
		op.word[1]++;
	}
	v = find_verb(op.word[1]);
	if (!v || (op.actor < 0 && v->flags & V_ACTOR)) {
		skip("unknown verb %s", op.word[1]);
		return -1;
	}
	if (op.nwords < v->nwords || (op.async && !(v->flags & V_ASYNC))) {
		skip("bad operand in: %s", text);
		return -1;
	}
	if (v->flags & V_REGION && find_operand(&op))
		return -1;
	return v->run(&op, r);
}

/* Send an order to the actor of op, in its second thread for `&verb'. */
int run_in_actor(struct op *op, struct cmd *c, struct rep *r)
{
	int i = op->actor, lost;

	if (op->async && actors[i].busy) {
		skip("second thread is busy at: %s", op->text);
		return -1;
	}
	if (op->async)
		c->kind = CMD_START;
	lost = actor_call(i, c, r);
	if (op->async) {
		actors[i].busy = 1;
		settle(i);
	}
	return lost;
}
