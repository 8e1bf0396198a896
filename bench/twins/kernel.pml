/* Promela twin of the product's step tables, for scenarios of one anonymous page: every row of
 * src/kernel that such a scenario can reach is one d_step here, with the same name, the same condition
 * and the same distinctions of state. Written by hand; ../README.md says how.
 *
 * A scenario file defines, then includes this:
 *   NT threads, NM processes (1 is the child of 0), NF folios, NO observations
 *   MMOF(t)           process of thread t
 *   OPS(t,k)          operation number k of thread t, DONE behind the last one
 *   PHASE(t,k)        its phase, 255 for DONE
 *   VALUE(t,k)        what a store writes, or the observation that a load or a read fills
 *   WRITER(v)         process that writes v (v > 0)
 *   WRONG(o,v)        a question of the scenario says that observation o must not be v
 *   PIPE, UFFD        defined where there is a pipe, a userfaultfd
 *   DRAINED           1: LRU batches are emptied at the end of every operation
 * and with -D, per model (0 or 1, but RULE):
 *   RULE              1 map count, 2 reference count, 4 exclusive pages (with the late reference count)
 *   RECHECK           GUP-fast reads the entry again
 *   BREAKCOW          GUP breaks copy-on-write
 *   PINNED            fork looks for pinned pages
 *   SEQ               fork raises write_protect_seq
 *   FLUSHPENDING      a write fault flushes what others have not flushed yet
 *   WPWRITE           UFFDIO_WRITEPROTECT takes mmap_lock for writing
 *   WPLOCKED          ... and flushes under the page-table lock
 */
#define STORE 1
#define LOAD 2
#define FORK 3
#define VMSPLICE 4
#define MUNMAP 5
#define READ 6
#define REGISTER 7
#define WPOFF 8
#define WPON 9
#define DONE 0

#ifdef NOASSERT
#define CHECK(x) skip
#else
#define CHECK(x) assert(x)
#endif
/* A row of the tables that no scenario here comes to. */
#define NOT_HERE(x) assert(!(x))

/* Entries: folio in the upper three bits, then */
#define P 1	/* present */
#define W 2	/* write */
#define D 4	/* dirty */
#define A 8	/* accessed */
#define U 16	/* userfaultfd write-protected */
#define FOLIO(e) ((e)>>5)
#define ENTRY(f,b) (((f)<<5)|(b))
/* VMAs */
#define MAPPED 1
#define ANON_VMA 2
#define UFFD_WP 4
/* folio.flags */
#define ANON 1
#define EXCLUSIVE 2
/* observations */
#define SEEN 1
#define STALE 2
#define FOREIGN 4
#define FRESH 8
/* vmf.flags */
#define F_WRITE 1
#define F_BROKE 4
#define F_UFFD 16

#define RACING 254
#define WRITER_HAS 255
#define EFAULT 1
#define SIGSEGV 2

byte stored[NF+1];	/* folio 0 is the page of zeros */
byte stamp[NF+1];	/* ghost: forks that had ended when the bytes were written */
byte refs[NF+1];
byte maps[NF+1];
byte flags[NF+1];
byte batch[NF+1];	/* CPU + 1 whose LRU batch holds a reference */
byte locked[NF+1];	/* the folio lock */
byte alive[NM];
byte mmap_lock[NM];
byte ptl[NM];
byte irqs_off[NM];	/* CPUs of the process that have interrupts off */
byte vma[NM];
byte pte[NM];
byte expected[NM];	/* ghost */
#if SEQ
byte seq[NM];
#endif
byte tlb[NT];
byte k[NT];		/* operations that thread t has ended */
#ifdef PIPE
byte pipe_folio, pipe_mm;	/* + 1 */
#endif
#if NO
byte seen[NO], bytes[NO];
#endif
#ifdef UFFD
byte pending[NM];	/* tlb_flush_pending */
byte userfault[NT];
byte missed;		/* ghost: thread + 1 whose store the monitor never heard of */
byte protecting[NM];	/* threads inside UFFDIO_WRITEPROTECT that hold mmap_lock */
#endif
byte phase, epoch;
#ifdef BFSOK
byte f, i;
#else
hidden byte f, i;
#endif

#define TID (_pid-1)
#define MM MMOF(TID)
#define OP OPS(TID,k[TID])
#define DUE(o) (OP==(o) && PHASE(TID,k[TID])<=phase && alive[MM])
#define FREED(x) (refs[x]==0)
#define TOUCH(x) CHECK(!FREED(x))
#define READ_OK (mmap_lock[MM]!=WRITER_HAS)
#define PTE pte[MM]
#define OLD FOLIO(orig)

inline free_unused(x) {
	if
	:: FREED(x) -> stored[x]=0; stamp[x]=0; maps[x]=0; flags[x]=0; batch[x]=0
	:: else
	fi
}
/* Drops a reference. A page that was freed must be out of reach. */
inline put(x) {
	TOUCH(x); refs[x]--; free_unused(x);
	i=0;
	do
	:: i<NM -> CHECK(!(FREED(x) && pte[i]!=0 && FOLIO(pte[i])==x)); i++
	:: else -> break
	od;
	i=0;
	do
	:: i<NT -> CHECK(!(FREED(x) && tlb[i]!=0 && FOLIO(tlb[i])==x)); i++
	:: else -> break
	od;
	i=0
}
inline drain() {
	f=1;
	do
	:: f<=NF -> if :: batch[f]==TID+1 -> batch[f]=0; refs[f]--; free_unused(f) :: else fi; f++
	:: else -> break
	od;
	f=0
}
/* Phases: what comes later waits until nobody has work left before it. */
#define PH(t) PHASE(t,k[t])
inline finish(r) {
	res=r;
#if DRAINED
	drain();
#endif
	k[TID]++;
	f=255; i=0;
	do
	:: i<NT -> if :: PH(i)<f -> f=PH(i) :: else fi; i++
	:: else -> break
	od;
	if :: f!=255 && f>phase -> phase=f :: else fi;
	f=0; i=0
}
inline flush() {
	i=0;
	do
	:: i<NT -> if :: MMOF(i)==MM -> tlb[i]=0 :: else fi; i++
	:: else -> break
	od;
	i=0
}
inline alloc_folio(x) {
	x=1;
	do
	:: refs[x]!=0 -> x++
	:: else -> break
	od;
	refs[x]=1
}
#if NF == 3
#define FREE_FOLIO (refs[1]==0 || refs[2]==0 || refs[3]==0)
#elif NF == 5
#define FREE_FOLIO (refs[1]==0 || refs[2]==0 || refs[3]==0 || refs[4]==0 || refs[5]==0)
#else
#define FREE_FOLIO (refs[1]==0 || refs[2]==0 || refs[3]==0 || refs[4]==0 || refs[5]==0 || refs[6]==0 || refs[7]==0)
#endif
/* folio_add_new_anon_rmap(), folio_add_lru() */
inline map_new(x) {
	flags[x]=ANON|(RULE==4 -> EXCLUSIVE : 0); maps[x]=1;
	batch[x]=TID+1; refs[x]++
}
/* May process m see these bytes, written by `w` when `at` forks had ended? */
#define MAY_SEE(m,v,at) ((v)==0 || WRITER(v)==(m) || ((m)==1 && WRITER(v)==0 && (at)<1))
inline observe(x, viewer, due) {
#if NO
	TOUCH(x);
	seen[VALUE(TID,k[TID])]=SEEN|((due<RACING && stored[x]!=due) -> STALE : 0)|
		(MAY_SEE(viewer,stored[x],stamp[x]) -> 0 : FOREIGN)|(stamp[x]>=epoch -> FRESH : 0);
	bytes[VALUE(TID,k[TID])]=stored[x];
	CHECK((seen[VALUE(TID,k[TID])]&(STALE|FOREIGN))==0 && !WRONG(VALUE(TID,k[TID]),stored[x]))
#else
	assert(false)
#endif
}

proctype T()
{	byte ret;			/* 1: the fault was raised inside __get_user_pages */
	byte vmf, orig, new;		/* vmf.flags, .orig_pte, .new_folio */
	byte gpte, folio;		/* gup.pte; the folio that gup, vmsplice, zap or read holds */
	byte dirty;			/* zap.dirty */
	byte res;			/* how the last operation ended */

idle:	if
	/* user_store.access */
	:: d_step { DUE(STORE) && (tlb[TID]&(W|D))==(W|D) ->
		f=FOLIO(tlb[TID]); TOUCH(f);
		if :: expected[MM]!=RACING -> expected[MM]=VALUE(TID,k[TID]) :: else fi;
		stored[f]=VALUE(TID,k[TID]); stamp[f]=epoch;
#ifdef UFFD
		if
		:: missed==0 && (PTE&P) && (vma[MM]&UFFD_WP) && (PTE&U) && protecting[MM]==0 ->
			missed=TID+1; CHECK(false)
		:: else
		fi;
#endif
		finish(0) } goto idle
	:: d_step { DUE(STORE) && (tlb[TID]&(W|D))!=(W|D) && (PTE&(P|W))==(P|W) ->
		PTE=PTE|A|D; tlb[TID]=PTE&~(A|U) } goto idle
	:: d_step { DUE(STORE) && (tlb[TID]&(W|D))!=(W|D) && (PTE&(P|W))!=(P|W) -> tlb[TID]=0 } goto lock_mm
	/* user_load.access */
	:: d_step { DUE(LOAD) && tlb[TID]!=0 ->
		observe(FOLIO(tlb[TID]), MM, expected[MM]); finish(0) } goto idle
	:: d_step { DUE(LOAD) && tlb[TID]==0 && (PTE&P) -> PTE=PTE|A; tlb[TID]=PTE&~(A|U) } goto idle
	:: d_step { DUE(LOAD) && tlb[TID]==0 && !(PTE&P) -> skip } goto lock_mm
	/* dup_mmap.lock */
	:: d_step { DUE(FORK) && mmap_lock[MM]==0 -> mmap_lock[MM]=WRITER_HAS } goto fork_child
	/* vmsplice.begin */
	:: d_step { DUE(VMSPLICE) -> skip } goto fast
	/* __do_munmap.lock */
	:: d_step { DUE(MUNMAP) && mmap_lock[MM]==0 -> mmap_lock[MM]=WRITER_HAS } goto detach
#ifdef PIPE
	/* pipe_read.copy */
	:: d_step { DUE(READ) && pipe_folio!=0 ->
		folio=pipe_folio-1; i=pipe_mm-1; observe(folio, i, RACING); i=0;
		pipe_folio=0; pipe_mm=0 } goto read_release
#endif
#ifdef UFFD
	/* userfaultfd_register.lock */
	:: d_step { DUE(REGISTER) && mmap_lock[MM]==0 -> mmap_lock[MM]=WRITER_HAS } goto reg_find
	/* mwriteprotect_range.begin */
	:: d_step { (DUE(WPOFF) || DUE(WPON)) -> skip } goto wp_lock
#endif
	fi;

	/* ---- the fault, mm/access.ts ---- */
lock_mm: if :: d_step { READ_OK -> mmap_lock[MM]++ } fi;
check_vma: if
	:: d_step { (vma[MM]&MAPPED) -> vmf=(OP==STORE -> F_WRITE : 0) } goto peek
	:: d_step { !(vma[MM]&MAPPED) -> skip } goto bad_area
	fi;
unlock:	if :: d_step { mmap_lock[MM]-- } goto idle fi;
bad_area: if :: d_step { mmap_lock[MM]--; finish(SIGSEGV) } goto idle fi;

	/* ---- handle_pte_fault ---- */
peek:	if
	:: d_step { PTE==0 -> orig=0 } goto anon_begin
	:: d_step { PTE!=0 -> orig=PTE } goto lock
	fi;
lock:	if
	:: d_step { ptl[MM]==0 && PTE!=orig -> ptl[MM]=1 } goto fault_unlock
	:: d_step { ptl[MM]==0 && PTE==orig && (vmf&F_WRITE) && !(orig&W) -> ptl[MM]=1 } goto normal_page
	:: d_step { ptl[MM]==0 && PTE==orig && !((vmf&F_WRITE) && !(orig&W)) -> ptl[MM]=1 } goto mark
	fi;
mark:	if
	:: d_step { ret==0 -> PTE=PTE|A|((vmf&F_WRITE) -> D : 0); ptl[MM]=0; vmf=0; orig=0 } goto unlock
	:: d_step { ret==1 -> PTE=PTE|A|((vmf&F_WRITE) -> D : 0); ptl[MM]=0; vmf=0; orig=0; ret=0 } goto follow
	fi;
fault_unlock: if
	:: d_step { ret==0 -> ptl[MM]=0; vmf=0; orig=0 } goto unlock
	:: d_step { ret==1 -> ptl[MM]=0; vmf=0; orig=0; ret=0 } goto follow
	fi;

	/* ---- do_anonymous_page ---- */
anon_begin: if
	:: d_step { (vmf&F_WRITE) -> skip } goto anon_alloc
	:: d_step { !(vmf&F_WRITE) -> skip } goto anon_zero
	fi;
anon_zero: if :: d_step { ptl[MM]==0 -> ptl[MM]=1; NOT_HERE(PTE==0) } goto anon_unlock fi;
anon_alloc: if :: d_step { FREE_FOLIO -> vma[MM]=vma[MM]|ANON_VMA; alloc_folio(new) } fi;
anon_lock: if
	:: d_step { ptl[MM]==0 && PTE!=0 -> ptl[MM]=1 } goto anon_raced
	:: d_step { ptl[MM]==0 && PTE==0 -> ptl[MM]=1 } goto anon_map
	fi;
anon_map: if :: d_step { map_new(new); PTE=ENTRY(new,P|A|W|D); new=0 } goto anon_unlock fi;
anon_raced: if :: d_step { ptl[MM]=0 } fi;
anon_free: if
	:: d_step { ret==0 -> put(new); new=0; vmf=0; orig=0 } goto unlock
	:: d_step { ret==1 -> put(new); new=0; vmf=0; orig=0; ret=0 } goto follow
	fi;
anon_unlock: if
	:: d_step { ret==0 -> ptl[MM]=0; vmf=0; orig=0 } goto unlock
	:: d_step { ret==1 -> ptl[MM]=0; vmf=0; orig=0; ret=0 } goto follow
	fi;

	/* ---- do_wp_page ---- */
normal_page: if
#ifdef UFFD
	:: d_step { (vmf&F_WRITE) && (vma[MM]&UFFD_WP) && (orig&U) -> skip } goto protected
#if FLUSHPENDING
	:: d_step { (vmf&F_WRITE) && (vma[MM]&UFFD_WP) && !(orig&U) -> skip } goto flush_pending
	:: d_step { !((vmf&F_WRITE) && (vma[MM]&UFFD_WP)) -> skip } goto reuse_or_copy
#else
	:: d_step { !((vmf&F_WRITE) && (vma[MM]&UFFD_WP) && (orig&U)) -> skip } goto reuse_or_copy
#endif
#else
	:: d_step { skip } goto reuse_or_copy
#endif
	fi;
#ifdef UFFD
protected: if :: d_step { ptl[MM]=0; vmf=vmf|F_UFFD } goto uf_queue fi;
#if FLUSHPENDING
flush_pending: if
	:: d_step { pending[MM]!=0 -> skip } goto flush_first
	:: d_step { pending[MM]==0 -> skip } goto reuse_or_copy
	fi;
flush_first: if :: d_step { irqs_off[MM]==0 -> flush() } goto reuse_or_copy fi;
#endif
	/* ---- handle_userfault ---- */
uf_queue: if :: d_step { userfault[TID]=1 } fi;
uf_must_wait: if
	:: d_step { (PTE==0 || ((vmf&F_UFFD) && !(PTE&W))) -> skip } goto uf_release
	:: d_step { !(PTE==0 || ((vmf&F_UFFD) && !(PTE&W))) -> skip } goto uf_cancel
	fi;
uf_cancel: if :: d_step { userfault[TID]=0 } fi;
uf_release: if :: d_step { mmap_lock[MM]-- } fi;
uf_sleep: if
	:: d_step { userfault[TID]==0 && READ_OK && ret==0 -> mmap_lock[MM]++; vmf=0; orig=0 } goto unlock
	:: d_step { userfault[TID]==0 && READ_OK && ret==1 -> mmap_lock[MM]++; vmf=0; orig=0; ret=0 } goto follow
	fi;
#endif

reuse_or_copy:
#if RULE == 1
	/* reuse_by_mapcount */
trylock: if
	:: d_step { locked[OLD]==0 -> locked[OLD]=1 } goto count
	:: d_step { locked[OLD]!=0 -> skip } goto get
	fi;
get:	if :: d_step { TOUCH(OLD); refs[OLD]++; ptl[MM]=0 } fi;
wait_lock: if :: d_step { locked[OLD]==0 -> locked[OLD]=1 } fi;
relock: if
	:: d_step { ptl[MM]==0 && PTE==orig -> ptl[MM]=1 } goto put_waited
	:: d_step { ptl[MM]==0 && PTE!=orig -> ptl[MM]=1 } goto give_up
	fi;
put_waited: if :: d_step { put(OLD) } goto count fi;
give_up: if :: d_step { locked[OLD]=0; ptl[MM]=0 } fi;
put_and_retry: if
	:: d_step { ret==0 -> put(OLD); vmf=0; orig=0 } goto unlock
	:: d_step { ret==1 -> put(OLD); vmf=0; orig=0; ret=0 } goto follow
	fi;
count:	if
	:: d_step { maps[OLD]==1 -> TOUCH(OLD) } goto unlock_reuse
	:: d_step { maps[OLD]!=1 -> TOUCH(OLD) } goto unlock_copy
	fi;
unlock_reuse: if :: d_step { locked[OLD]=0 } goto reuse fi;
unlock_copy: if :: d_step { locked[OLD]=0 } goto hold_old fi;
#elif RULE == 2
	/* reuse_by_refcount */
count:	if
	:: d_step { refs[OLD]==1 -> skip } goto trylock
	:: d_step { refs[OLD]!=1 -> TOUCH(OLD) } goto hold_old
	fi;
trylock: if
	:: d_step { locked[OLD]==0 -> locked[OLD]=1 } goto recheck_map
	:: d_step { locked[OLD]!=0 -> skip } goto hold_old
	fi;
recheck_map: if
	:: d_step { maps[OLD]==1 -> skip } goto recheck_ref
	:: d_step { maps[OLD]!=1 -> skip } goto unlock_copy
	fi;
recheck_ref: if
	:: d_step { refs[OLD]==1 -> skip } goto unlock_reuse
	:: d_step { refs[OLD]!=1 -> TOUCH(OLD) } goto unlock_copy
	fi;
unlock_reuse: if :: d_step { locked[OLD]=0 } goto reuse fi;
unlock_copy: if :: d_step { locked[OLD]=0 } goto hold_old fi;
#else
	/* reuse_by_exclusive */
exclusive: if
	:: d_step { (flags[OLD]&EXCLUSIVE) -> skip } goto reuse
	:: d_step { !(flags[OLD]&EXCLUSIVE) -> skip } goto count_early
	fi;
count_early: if
	:: d_step { refs[OLD]>3 -> skip } goto hold_old
	:: d_step { refs[OLD]<=3 -> TOUCH(OLD) } goto batched
	fi;
batched: if
	:: d_step { batch[OLD]==0 -> skip } goto count
	:: d_step { batch[OLD]!=0 -> skip } goto drain_own
	fi;
drain_own: if :: d_step { drain() } fi;
count:	if
	:: d_step { refs[OLD]>1 -> skip } goto hold_old
	:: d_step { refs[OLD]<=1 -> TOUCH(OLD) } goto trylock
	fi;
trylock: if
	:: d_step { locked[OLD]==0 -> locked[OLD]=1 } goto recheck
	:: d_step { locked[OLD]!=0 -> skip } goto hold_old
	fi;
recheck: if
	:: d_step { refs[OLD]==1 -> skip } goto mark_exclusive
	:: d_step { refs[OLD]!=1 -> TOUCH(OLD) } goto unlock_copy
	fi;
mark_exclusive: if :: d_step { flags[OLD]=flags[OLD]|EXCLUSIVE; locked[OLD]=0 } goto reuse fi;
unlock_copy: if :: d_step { locked[OLD]=0 } goto hold_old fi;
#endif
	/* wp_page_reuse.reuse: VM_FAULT_WRITE */
reuse:	if
	:: d_step { ret==0 -> PTE=orig|A|D|W; ptl[MM]=0; vmf=0; orig=0 } goto unlock
	:: d_step { ret==1 -> PTE=orig|A|D|W; ptl[MM]=0; vmf=0; orig=0; ret=0 } goto broke_cow
	fi;
hold_old: if :: d_step { TOUCH(OLD); refs[OLD]++; ptl[MM]=0 } fi;

	/* ---- wp_page_copy ---- */
alloc:	if :: d_step { FREE_FOLIO -> vma[MM]=vma[MM]|ANON_VMA; alloc_folio(new) } fi;
copy:	if :: d_step { TOUCH(OLD); stored[new]=stored[OLD]; stamp[new]=stamp[OLD] } fi;
copy_lock: if
	:: d_step { ptl[MM]==0 && PTE==orig -> ptl[MM]=1 } goto clear
	:: d_step { ptl[MM]==0 && PTE!=orig -> ptl[MM]=1 } goto raced
	fi;
clear:	if :: d_step { PTE=0 } fi;
copy_flush: if :: d_step { irqs_off[MM]==0 -> flush() } fi;
install: if :: d_step { map_new(new); PTE=ENTRY(new,P|A|D|W); new=0; vmf=vmf|F_BROKE } fi;
unmap_old: if :: d_step { TOUCH(OLD); maps[OLD]-- } fi;
put_mapping: if :: d_step { put(OLD) } goto copy_unlock fi;
raced:	if :: d_step { ptl[MM]=0 } fi;
free_new: if :: d_step { put(new); new=0 } goto put_old fi;
copy_unlock: if :: d_step { ptl[MM]=0 } fi;
put_old: if
	:: d_step { ret==0 -> put(OLD); vmf=0; orig=0 } goto unlock
	:: d_step { ret==1 && !(vmf&F_BROKE) -> put(OLD); vmf=0; orig=0; ret=0 } goto follow
	:: d_step { ret==1 && (vmf&F_BROKE) -> put(OLD); vmf=0; orig=0; ret=0 } goto broke_cow
	fi;

	/* ---- GUP-fast ---- */
fast:	if :: d_step { skip } fi;
fast_irqs_off: if :: d_step { irqs_off[MM]++ } fi;
fast_walk: if
	:: d_step { (PTE&P) && (!BREAKCOW || (PTE&W)) -> gpte=PTE } goto fast_grab
	:: d_step { !((PTE&P) && (!BREAKCOW || (PTE&W))) -> skip } goto fast_slow
	fi;
fast_grab: if
	:: d_step { FREED(FOLIO(gpte)) -> skip } goto fast_slow
#if RECHECK
	:: d_step { !FREED(FOLIO(gpte)) -> folio=FOLIO(gpte); refs[folio]++ } goto fast_recheck
#else
	:: d_step { !FREED(FOLIO(gpte)) -> folio=FOLIO(gpte); refs[folio]++ } goto fast_irqs_on
#endif
	fi;
#if RECHECK
fast_recheck: if
	:: d_step { PTE!=gpte -> skip } goto fast_undo
	:: d_step { PTE==gpte -> skip } goto fast_irqs_on
	fi;
fast_undo: if :: d_step { put(folio); folio=0 } goto fast_slow fi;
#endif
fast_irqs_on: if :: d_step { irqs_off[MM]--; gpte=0 } goto fill fi;
fast_slow: if :: d_step { irqs_off[MM]-- } fi;

	/* ---- __get_user_pages ---- */
slow:	if :: d_step { skip } fi;
slow_lock: if
	:: d_step { READ_OK && (vma[MM]&MAPPED) -> mmap_lock[MM]++ } goto follow
	:: d_step { READ_OK && !(vma[MM]&MAPPED) -> mmap_lock[MM]++ } goto bad_address
	fi;
follow:	if
	:: d_step { ptl[MM]==0 && (PTE&P) && (!BREAKCOW || (PTE&W)) -> ptl[MM]=1; gpte=PTE } goto slow_grab
	:: d_step { ptl[MM]==0 && !((PTE&P) && (!BREAKCOW || (PTE&W))) ->
		ptl[MM]=1; gpte=PTE; vmf=(BREAKCOW -> F_WRITE : 0) } goto miss
	fi;
slow_grab: if :: d_step { ptl[MM]=0; NOT_HERE(FREED(FOLIO(gpte))); folio=FOLIO(gpte); refs[folio]++ } fi;
slow_unlock: if :: d_step { mmap_lock[MM]--; gpte=0 } goto fill fi;
miss:	if :: d_step { ptl[MM]=0; ret=1 } goto peek fi;
broke_cow: if :: d_step { skip } goto follow fi;
bad_address: if :: d_step { mmap_lock[MM]--; gpte=0; finish(EFAULT) } goto idle fi;
	/* vmsplice.fill */
fill:
#ifdef PIPE
	if :: d_step { pipe_folio=folio+1; pipe_mm=MM+1; folio=0; finish(0) } goto idle fi;
	/* pipe_read.release */
read_release: if :: d_step { put(folio); folio=0; finish(0) } goto idle fi;
#else
	assert(false);
#endif

	/* ---- munmap and zap_pte_range ---- */
detach:	if :: d_step { vma[MM]=0 } fi;
downgrade: if :: d_step { mmap_lock[MM]=1 } fi;
#ifdef UFFD
zap_drain: if :: d_step { drain(); pending[MM]++ } fi;
#else
zap_drain: if :: d_step { drain() } fi;
#endif
zap_lock: if :: d_step { ptl[MM]==0 -> ptl[MM]=1 } fi;
zap_clear: if
	:: d_step { PTE==0 -> if :: expected[MM]!=RACING -> expected[MM]=0 :: else fi }
	:: d_step { PTE!=0 ->
		folio=FOLIO(PTE); PTE=0; f=0; i=0;
		do
		:: i<NT -> if :: i!=TID && MMOF(i)==MM && tlb[i]!=0 -> f=1 :: else fi; i++
		:: else -> break
		od;
		if
		:: f==1 -> expected[MM]=RACING
		:: f!=1 && expected[MM]!=RACING -> expected[MM]=0
		:: else
		fi;
		f=0; i=0; dirty=1; TOUCH(folio); maps[folio]-- }
	fi;
zap_unlock: if
	:: d_step { dirty!=0 -> ptl[MM]=0 } goto zap_flush
	:: d_step { dirty==0 -> ptl[MM]=0;
#ifdef UFFD
		pending[MM]--;
#endif
		skip } goto munmap_unlock
	fi;
zap_flush: if
	:: d_step { irqs_off[MM]==0 -> flush();
#ifdef UFFD
		pending[MM]--;
#endif
		if
		:: expected[MM]==RACING -> expected[MM]=((PTE&P) -> stored[FOLIO(PTE)] : 0)
		:: else
		fi }
	fi;
zap_put: if :: d_step { put(folio); folio=0; dirty=0 } fi;
munmap_unlock: if :: d_step { mmap_lock[MM]--; finish(0) } goto idle fi;

	/* ---- fork ---- */
#if NM > 1
fork_child: if :: d_step { mmap_lock[1]=WRITER_HAS } fi;
fork_vmas: if :: d_step { NOT_HERE(vma[0]&UFFD_WP); vma[1]=vma[0] } fi;
#if SEQ
fork_seq_odd: if :: d_step { seq[0]++ } fi;
#endif
fork_lock_child: if :: d_step { ptl[1]=1 } fi;
fork_lock: if :: d_step { ptl[0]==0 -> ptl[0]=1 } fi;
fork_copy_pte: if
	:: d_step { (vma[0]&ANON_VMA) && PTE!=0 -> skip }
	:: d_step { !((vma[0]&ANON_VMA) && PTE!=0) -> skip } goto fork_unlock
	fi;
#if PINNED
fork_pinned: if :: d_step { skip } fi;
#endif
fork_get: if :: d_step { TOUCH(FOLIO(PTE)); refs[FOLIO(PTE)]++ } fi;
#if RULE == 4
fork_dup: if
	:: d_step { (flags[FOLIO(PTE)]&EXCLUSIVE) -> skip } goto fork_share
	:: d_step { !(flags[FOLIO(PTE)]&EXCLUSIVE) -> skip } goto fork_map
	fi;
fork_share: if :: d_step { flags[FOLIO(PTE)]=flags[FOLIO(PTE)]&~EXCLUSIVE; maps[FOLIO(PTE)]++ } goto fork_protect fi;
#endif
fork_map: if :: d_step { maps[FOLIO(PTE)]++ } fi;
fork_protect: if :: d_step { PTE=PTE&~W; pte[1]=PTE&~A } fi;
fork_unlock: if :: d_step { ptl[0]=0 } fi;
fork_unlock_child_pte: if :: d_step { ptl[1]=0 } fi;
#if SEQ
fork_seq_even: if :: d_step { seq[0]++ } fi;
#endif
fork_unlock_child: if :: d_step { mmap_lock[1]=0 } fi;
fork_flush: if :: d_step { irqs_off[0]==0 -> flush() } fi;
fork_end: if :: d_step {
	mmap_lock[0]=0; epoch++; alive[1]=1;
	expected[1]=((pte[1]&P) -> stored[FOLIO(pte[1])] : 0);
	finish(0) } goto idle fi;
#else
fork_child: assert(false);
#endif

#ifdef UFFD
	/* ---- userfaultfd_register ---- */
reg_find: if :: d_step { NOT_HERE(vma[MM]==0 || (vma[MM]&UFFD_WP)) } fi;
reg_set: if :: d_step { vma[MM]=vma[MM]|UFFD_WP } fi;
reg_unlock: if :: d_step { mmap_lock[MM]=0; finish(0) } goto idle fi;

	/* ---- mwriteprotect_range ---- */
#if WPWRITE
wp_lock: if :: d_step { mmap_lock[MM]==0 -> mmap_lock[MM]=WRITER_HAS; protecting[MM]++ } fi;
#else
wp_lock: if :: d_step { READ_OK -> mmap_lock[MM]++; protecting[MM]++ } fi;
#endif
wp_find: if :: d_step { NOT_HERE(!(vma[MM]&UFFD_WP)); pending[MM]++ } fi;
wp_lock_pte: if :: d_step { ptl[MM]==0 -> ptl[MM]=1 } fi;
wp_change: if
	:: d_step { OP==WPON -> if :: PTE!=0 -> PTE=(PTE&~W)|U :: else fi }
	:: d_step { OP==WPOFF -> if :: PTE!=0 -> PTE=PTE&~(W|U) :: else fi }
	fi;
#if WPLOCKED
wp_flush_locked: if :: d_step { irqs_off[MM]==0 -> flush() } fi;
wp_unlock_pte: if :: d_step { ptl[MM]=0 } fi;
wp_flushed: if :: d_step { pending[MM]-- } fi;
#else
wp_unlock_pte: if :: d_step { ptl[MM]=0 } fi;
wp_flush: if :: d_step { irqs_off[MM]==0 -> flush(); pending[MM]-- } fi;
#endif
wp_unlock: if
	:: d_step { OP==WPON -> protecting[MM]--; mmap_lock[MM]=(WPWRITE -> 0 : mmap_lock[MM]-1); finish(0) } goto idle
	:: d_step { OP==WPOFF -> protecting[MM]--; mmap_lock[MM]=(WPWRITE -> 0 : mmap_lock[MM]-1) }
	fi;
wp_wake: if
	:: d_step {
		i=0;
		do
		:: i<NT -> if :: MMOF(i)==MM -> userfault[i]=0 :: else fi; i++
		:: else -> break
		od;
		i=0; finish(0) } goto idle
	fi;
#else
reg_find: wp_lock: assert(false);
#endif
	skip
}

init {
	atomic {
	alive[0]=1; vma[0]=MAPPED;
	i=0;
	do
	:: i<NT -> run T(); i++
	:: else -> break
	od;
	i=0 }
}
