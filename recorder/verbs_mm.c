/*
 * verbs_mm.c - what an actor does to its own address space: map, access,
 * protect, advise, move, drop.
 */
#include "litmus.h"
#include <sys/mman.h>
#include <sys/syscall.h>

/* Newer than some C libraries. */
#ifndef MADV_COLD
#define MADV_COLD		20
#define MADV_PAGEOUT		21
#endif
#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ	22
#define MADV_POPULATE_WRITE	23
#endif
#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE		25
#endif

/* Regions lie far apart, and mremap moves by less than there is between here and the stack. */
#define REGION_BASE(g)	(0x700000000000ULL + ((u64)(g) << 32))
#define MREMAP_STEP	(8ULL << 32)

static const struct {
	const char *name;
	int flags;
	int npages;	/* 0: the script says */
} kinds[NR_KINDS] = {
	[K_ANON] = { "anon", MAP_PRIVATE | MAP_ANONYMOUS, 0 },
	[K_SHANON] = { "shanon", MAP_SHARED | MAP_ANONYMOUS, 0 },
	[K_MEMFD] = { "memfd", MAP_SHARED, 0 },
	[K_PFILE] = { "pfile", MAP_PRIVATE, 0 },
	[K_THP] = { "thp", MAP_PRIVATE | MAP_ANONYMOUS, 512 },
	[K_HUGE] = { "huge", MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, 512 },
	[K_SHTHP] = { "shthp", MAP_SHARED | MAP_ANONYMOUS, 512 },
	[K_MTHP] = { "mthp", MAP_PRIVATE | MAP_ANONYMOUS, 16 },
};

static const struct {
	const char *name;
	int advice;
} advices[] = {
	{ "dontneed", MADV_DONTNEED }, { "free", MADV_FREE },
	{ "dontfork", MADV_DONTFORK }, { "dofork", MADV_DOFORK },
	{ "mergeable", MADV_MERGEABLE }, { "unmergeable", MADV_UNMERGEABLE },
	{ "huge", MADV_HUGEPAGE }, { "nohuge", MADV_NOHUGEPAGE },
	{ "wipeonfork", MADV_WIPEONFORK }, { "keeponfork", MADV_KEEPONFORK },
	{ "cold", MADV_COLD }, { "pageout", MADV_PAGEOUT },
	{ "popread", MADV_POPULATE_READ }, { "popwrite", MADV_POPULATE_WRITE },
	{ "collapse", MADV_COLLAPSE }, { 0, 0 },
};

/* ---- in the actor ---- */

static long do_mmap(const struct cmd *c, struct rep *r)
{
	int prot = c->c & 0xff, flags = c->c >> 8;
	void *m = mmap((void *)c->a, c->b, prot, flags | MAP_FIXED_NOREPLACE, (int)c->d, 0);

	(void)r;
	return m == MAP_FAILED ? -1 : 0;
}

static long do_munmap(const struct cmd *c, struct rep *r)
{
	(void)r;
	return munmap((void *)c->a, c->b);
}

static long do_mprotect(const struct cmd *c, struct rep *r)
{
	(void)r;
	return mprotect((void *)c->a, c->b, c->c);
}

static long do_madvise(const struct cmd *c, struct rep *r)
{
	(void)r;
	return madvise((void *)c->a, c->b, c->c);
}

static long do_mremap(const struct cmd *c, struct rep *r)
{
	(void)r;
	return mremap((void *)c->a, c->b, c->b, MREMAP_MAYMOVE | MREMAP_FIXED,
		      (void *)c->c) == MAP_FAILED ? -1 : 0;
}

static long do_mlock(const struct cmd *c, struct rep *r)
{
	(void)r;
	return c->c ? mlock((void *)c->a, c->b) : munlock((void *)c->a, c->b);
}

static long do_clear_refs(const struct cmd *c, struct rep *r)
{
	int fd = open("/proc/self/clear_refs", O_WRONLY);
	long ret = fd < 0 ? -1 : write(fd, "4", 1);

	(void)c;
	(void)r;
	close(fd);
	return ret;
}

static long do_move_pages(const struct cmd *c, struct rep *r)
{
	void *page = (void *)c->a;
	int node = c->b, status = -999;
	long ret = syscall(__NR_move_pages, 0, 1UL, &page, &node, &status, 2 /* MPOL_MF_MOVE */);

	r->val = status & 0xff;
	return ret;
}

/* ---- in the controller ---- */

static enum region_kind find_kind(const char *name)
{
	int k;

	for (k = 0; k < NR_KINDS && strcmp(kinds[k].name, name); k++)
		;
	return k;
}

static int kind_missing(enum region_kind kind)
{
	if (kind == K_HUGE && read_number(NR_HUGEPAGES) < 3)
		skip("no hugetlb pages");
	else if (kind == K_THP && access(THP_DIR, R_OK))
		skip("no THP");
	else if (kind == K_MTHP && access(MTHP_ENABLED, R_OK))
		skip("no 64 kB THP");
	return skipping();
}

/* Small regions are watched whole, large ones at both ends. */
static void watch(struct region *reg)
{
	int k;

	if (reg->npages > 4) {
		reg->nwatch = 3;
		reg->watch[0] = 0;
		reg->watch[1] = 1;
		reg->watch[2] = reg->npages - 1;
		return;
	}
	reg->nwatch = reg->npages;
	for (k = 0; k < reg->npages; k++)
		reg->watch[k] = k;
}

static int verb_map(struct op *op, struct rep *r)
{
	int page, g = parse_page(op->word[2], &page);
	enum region_kind kind = find_kind(op->word[3]);
	int prot = op->word[5] && !strcmp(op->word[5], "ro") ? PROT_READ : PROT_READ | PROT_WRITE;
	int npages = op->word[4] ? atoi(op->word[4]) : 1;
	struct cmd c = { .run = do_mmap, .d = -1 };

	if (g < 0 || kind == NR_KINDS || npages < 1 || npages > 512) {
		skip("bad operand in: %s", op->text);
		return -1;
	}
	if (kind_missing(kind))
		return -1;
	if (kinds[kind].npages)
		npages = kinds[kind].npages;
	c.a = REGION_BASE(g);
	c.b = npages * PS;
	c.c = prot | (u64)kinds[kind].flags << 8;
	if (kind == K_MEMFD || kind == K_PFILE)
		c.d = memfds[g];
	if (actor_call(op->actor, &c, r))
		return -1;
	regions[g].kind = kind;
	regions[g].npages = npages;
	watch(&regions[g]);
	actors[op->actor].addr[g] = REGION_BASE(g);
	actors[op->actor].has[g] = 1;
	if (r->ret)
		return 0;

	/* say which page size is meant, whatever the machine's default is */
	c.run = do_madvise;
	if (kind == K_THP || kind == K_MTHP) {
		c.c = MADV_HUGEPAGE;
		return actor_call(op->actor, &c, r);
	}
	if (kind == K_ANON) {
		c.c = MADV_NOHUGEPAGE;
		if (actor_call(op->actor, &c, r))
			return -1;
		r->ret = r->err = 0;	/* EINVAL: a kernel without THP */
	}
	return 0;
}

static int verb_ld(struct op *op, struct rep *r)
{
	struct cmd c = { .run = actor_load, .a = op->addr };

	return run_in_actor(op, &c, r);
}

static int verb_st(struct op *op, struct rep *r)
{
	struct cmd c = { .run = actor_store, .a = op->addr, .b = hex(op->word[3]) };

	return run_in_actor(op, &c, r);
}

static int verb_unmap(struct op *op, struct rep *r)
{
	struct cmd c = { .run = do_munmap, .a = op->addr, .b = op->len };

	if (op->page < 0)
		actors[op->actor].has[op->region] = 0;
	else if (op->word[3])
		c.b = atoi(op->word[3]) * PS;
	return run_in_actor(op, &c, r);
}

static int verb_prot(struct op *op, struct rep *r)
{
	struct cmd c = { .run = do_mprotect, .a = op->addr, .b = op->len };

	c.c = !strcmp(op->word[3], "rw") ? PROT_READ | PROT_WRITE :
	      !strcmp(op->word[3], "ro") ? PROT_READ : PROT_NONE;
	return run_in_actor(op, &c, r);
}

static int have_swap(void)
{
	char text[500] = "";
	int fd = open("/proc/swaps", O_RDONLY);
	long n = read(fd, text, sizeof(text) - 1);

	close(fd);
	return n > 0 && strchr(text, '/');
}

static int verb_adv(struct op *op, struct rep *r)
{
	struct cmd c = { .run = do_madvise, .a = op->addr, .b = op->len };
	int k;

	for (k = 0; advices[k].name && strcmp(advices[k].name, op->word[3]); k++)
		;
	if (!advices[k].name) {
		skip("bad operand in: %s", op->text);
		return -1;
	}
	c.c = advices[k].advice;
	if (op->page >= 0 && op->word[4])
		c.b = atoi(op->word[4]) * PS;
	if (c.c == MADV_PAGEOUT && !have_swap()) {
		skip("no swap");
		return -1;
	}
	return run_in_actor(op, &c, r);
}

static int verb_mremap(struct op *op, struct rep *r)
{
	u64 *addr = &actors[op->actor].addr[op->region];
	struct cmd c = { .run = do_mremap, .a = *addr, .c = *addr + MREMAP_STEP };

	c.b = regions[op->region].npages * PS;
	if (actor_call(op->actor, &c, r))
		return -1;
	if (!r->ret)
		*addr = c.c;
	return 0;
}

static int verb_mlock(struct op *op, struct rep *r)
{
	struct cmd c = { .run = do_mlock, .a = op->addr, .b = op->len };

	c.c = !strcmp(op->word[1], "mlock");
	return run_in_actor(op, &c, r);
}

static int verb_clearrefs(struct op *op, struct rep *r)
{
	struct cmd c = { .run = do_clear_refs };

	if (actor_call(op->actor, &c, r))
		return -1;
	if (r->ret < 0)
		skip("no clear_refs: errno %d", r->err);
	return r->ret < 0 ? -1 : 0;
}

static int verb_move(struct op *op, struct rep *r)
{
	struct cmd c = { .run = do_move_pages, .a = op->addr, .b = atoi(op->word[3]) };

	if (access("/sys/devices/system/node/node1", F_OK)) {
		skip("one NUMA node only");
		return -1;
	}
	return run_in_actor(op, &c, r);
}

const struct verb mm_verbs[] = {
	{ "map", V_ACTOR, 4, verb_map },
	{ "ld", V_ACTOR | V_REGION | V_ASYNC, 3, verb_ld },
	{ "st", V_ACTOR | V_REGION | V_ASYNC, 4, verb_st },
	{ "unmap", V_ACTOR | V_REGION | V_ASYNC, 3, verb_unmap },
	{ "prot", V_ACTOR | V_REGION | V_ASYNC, 4, verb_prot },
	{ "adv", V_ACTOR | V_REGION | V_ASYNC, 4, verb_adv },
	{ "mremap", V_ACTOR | V_REGION, 3, verb_mremap },
	{ "mlock", V_ACTOR | V_REGION | V_ASYNC, 3, verb_mlock },
	{ "munlock", V_ACTOR | V_REGION | V_ASYNC, 3, verb_mlock },
	{ "clearrefs", V_ACTOR, 2, verb_clearrefs },
	{ "move", V_ACTOR | V_REGION, 4, verb_move },
	{ 0, 0, 0, 0 },
};
