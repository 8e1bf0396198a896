/* Reduced copy-on-write world at micro-step granularity (our own model).
 * 2 address spaces (0 parent, 1 child), NT threads (= CPUs, one TLB row each),
 * NV virtual pages, NF frames.  One option of an if/do = one micro-step.
 * Every micro-step is a d_step so that the state graph is exactly the one of
 * ../toy/mm.ts (same rows, same variables).
 *
 * VARIANT 1 mapcount reuse, 2 refcount reuse, 3 anon-exclusive + unshare,
 *         4 mapcount reuse + GUP forces a write fault (17839856fd58 era)
 * DEFER   1 uffd write-protect flushes the TLB after dropping the PTL
 * INITC   0 just after fork (page shared, read-only)
 *         1 one process, page writable, one extra reference held by a pipe,
 *           only thread 1 has the (writable) translation in its TLB
 * K       operations per thread;  M0..M3 operation masks per thread
 *         1 write 2 vmsplice 4 munmap 8 read pipe 16 uffd-wp 32 uffd-unwp
 */
#ifndef VARIANT
#define VARIANT 1
#endif
#ifndef DEFER
#define DEFER 0
#endif
#ifndef INITC
#define INITC 0
#endif
#ifndef NT
#define NT 3
#endif
#ifndef NPAR
#define NPAR 2
#endif
#ifndef NV
#define NV 1
#endif
#ifndef NF
#define NF 4
#endif
#ifndef K
#define K 2
#endif
#ifndef M0
#define M0 1
#endif
#ifndef M1
#define M1 1
#endif
#ifndef M2
#define M2 15
#endif
#ifndef M3
#define M3 0
#endif
#ifdef NOASSERT
#define CHECK(x) skip
#else
#define CHECK(x) assert(x)
#endif

#define TID (_pid-1)
#define MM ((TID < NPAR) -> 0 : 1)
#define MASK ((TID == 0) -> M0 : ((TID == 1) -> M1 : ((TID == 2) -> M2 : M3)))
#define HAS(o) ((MASK) & (o))
#define PI ((MM)*NV+vp)
#define TI (TID*NV+vp)
#define F(x) (((x)&15)-1)

byte fdata[NF];
byte fref[NF];
byte fmap[NF];
byte fexcl[NF];
byte pte[2*NV];    /* frame+1 | w<<4 | uffd-wp<<5 */
byte tlb[NT*NV];   /* frame+1 | w<<4 */
byte ghost[2*NV];  /* last value stored by this mm at this page */
byte ptl[2];
byte mml[2];       /* reader count, 255 = writer */
byte pipe_;        /* frame+1 | mm<<4 */
#ifdef BFSOK
byte f, i;
#else
hidden byte f, i;
#endif

#define PUT(x) fref[x]--; if :: fref[x]==0 -> fmap[x]=0; fexcl[x]=0; fdata[x]=0 :: else fi
#define NEXTV ((MM)*4 + 1 + ((ghost[PI]&3)%3))
#if NPAR == NT
#define FLUSHALL i=0; do :: i<NT -> tlb[i*NV+vp]=0; i++ :: else -> break od; i=0
#else
#define FLUSHALL if :: (MM)==0 -> i=0; do :: i<NPAR -> tlb[i*NV+vp]=0; i++ :: else -> break od :: else -> i=NPAR; do :: i<NT -> tlb[i*NV+vp]=0; i++ :: else -> break od fi; i=0
#endif
#if VARIANT == 1 || VARIANT == 4
#define REUSE (fmap[F(pte[PI])]==1)
#elif VARIANT == 2
#define REUSE (fref[F(pte[PI])]==1)
#else
#define REUSE (fexcl[F(pte[PI])] || fref[F(pte[PI])]==1)
#endif

proctype T()
{	byte k, vp, old, new, unsh, ouf;

idle:	if
	:: d_step { k<K && HAS(1) -> k++; vp=0 } goto w0
#if NV > 1
	:: d_step { k<K && HAS(1) -> k++; vp=1 } goto w0
#endif
	:: d_step { k<K && HAS(2) -> k++; vp=0 } goto g0
#if NV > 1
	:: d_step { k<K && HAS(2) -> k++; vp=1 } goto g0
#endif
	:: d_step { k<K && HAS(4) -> k++; vp=0 } goto m0
#if NV > 1
	:: d_step { k<K && HAS(4) -> k++; vp=1 } goto m0
#endif
	:: d_step { k<K && HAS(8) && pipe_ -> k++; f=F(pipe_);
		CHECK(!((fdata[f]&3) && (fdata[f]>>2) != (pipe_>>4)));
		PUT(f); pipe_=0; f=0 } goto idle
	:: d_step { k<K && HAS(16) -> k++; vp=0 } goto u0
#if NV > 1
	:: d_step { k<K && HAS(16) -> k++; vp=1 } goto u0
#endif
	:: d_step { k<K && HAS(32) -> k++; vp=0 } goto v0
#if NV > 1
	:: d_step { k<K && HAS(32) -> k++; vp=1 } goto v0
#endif
	fi;

	/* user store: TLB hit, hardware walk, or fault */
w0:	if
	:: d_step { (tlb[TI]&16) -> f=F(tlb[TI]); CHECK(fdata[f]==ghost[PI]);
		ghost[PI]=NEXTV; fdata[f]=ghost[PI]; vp=0; f=0 } goto idle
	:: d_step { !(tlb[TI]&16) && (pte[PI]&16) -> tlb[TI]=pte[PI]&31 } goto w0
	:: d_step { !(tlb[TI]&16) && !(pte[PI]&16) -> tlb[TI]=0 } goto w1
	fi;
w1:	if :: d_step { mml[MM]!=255 -> mml[MM]++ } fi;
w2:	if :: d_step { ptl[MM]==0 -> ptl[MM]=1 } fi;
w3:	if
	:: d_step { pte[PI]==0 -> ptl[MM]=0 } goto wx
	:: d_step { pte[PI]!=0 && unsh!=1 && (pte[PI]&16) -> ptl[MM]=0 } goto w9
	:: d_step { pte[PI]!=0 && unsh!=1 && !(pte[PI]&16) && (pte[PI]&32) -> ptl[MM]=0; mml[MM]-- } goto wu
	:: d_step { pte[PI]!=0 && (unsh==1 || !(pte[PI]&48)) && REUSE ->
		if :: VARIANT==3 -> fexcl[F(pte[PI])]=1 :: else fi;
		if :: unsh!=1 -> pte[PI]=pte[PI]|16 :: else fi;
		ptl[MM]=0 } goto w9
	:: d_step { pte[PI]!=0 && (unsh==1 || !(pte[PI]&48)) && !REUSE ->
		old=pte[PI]&15; ouf=(pte[PI]>>5)&1; fref[old-1]++; ptl[MM]=0 } goto w4
	fi;
wu:	if
	:: d_step { !(pte[PI]&32) && unsh==0 -> skip } goto w0
	:: d_step { !(pte[PI]&32) && unsh!=0 -> unsh=0 } goto g0
	fi;
w4:	if :: d_step { (fref[0]==0 || fref[1]==0 || fref[2]==0 || fref[NF-2]==0 || fref[NF-1]==0) ->
		new=0; do :: fref[new]!=0 -> new++ :: else -> break od;
		fref[new]=1; new++ } fi;
w5:	if :: d_step { fdata[new-1]=fdata[old-1] } fi;
w6:	if :: d_step { ptl[MM]==0 -> ptl[MM]=1 } fi;
w7:	if
	:: d_step { pte[PI]==(old|(ouf<<5)) -> pte[PI]=0 } goto w7b
	:: d_step { pte[PI]!=(old|(ouf<<5)) -> PUT(new-1); new=0 } goto w8
	fi;
w7b:	if :: d_step { FLUSHALL } fi;
w7c:	if :: d_step { CHECK(fdata[new-1]==ghost[PI]);
		pte[PI]=new|(ouf<<5); if :: unsh!=1 -> pte[PI]=pte[PI]|16 :: else fi;
		fmap[new-1]=1; if :: VARIANT==3 -> fexcl[new-1]=1 :: else fi;
		fmap[old-1]--; fref[old-1]--; new=0 } fi;
w8:	if :: d_step { ptl[MM]=0 } fi;
w8b:	if :: d_step { PUT(old-1); old=0; ouf=0 } fi;
w9:	if
	:: d_step { unsh==0 -> mml[MM]-- } goto w0
	:: d_step { unsh!=0 -> unsh=0; mml[MM]-- } goto g0
	fi;
wx:	if :: d_step { mml[MM]--; vp=0; unsh=0 } goto idle fi;

	/* vmsplice: take a reference through GUP and put it in the pipe */
g0:	if :: d_step { mml[MM]!=255 -> mml[MM]++ } fi;
g1:	if :: d_step { ptl[MM]==0 -> ptl[MM]=1 } fi;
g2:	if
	:: d_step { (pte[PI]==0 || pipe_!=0) -> ptl[MM]=0 } goto wx
	:: d_step { pte[PI]!=0 && pipe_==0 && VARIANT==3 && !(pte[PI]&16) && !fexcl[F(pte[PI])] -> unsh=1; ptl[MM]=0 } goto w2
	:: d_step { pte[PI]!=0 && pipe_==0 && VARIANT==4 && !(pte[PI]&16) -> unsh=2; ptl[MM]=0 } goto w2
	:: d_step { pte[PI]!=0 && pipe_==0 && !(VARIANT==3 && !(pte[PI]&16) && !fexcl[F(pte[PI])]) && !(VARIANT==4 && !(pte[PI]&16)) ->
		f=F(pte[PI]); fref[f]++; pipe_=(f+1)|((MM)<<4); f=0; ptl[MM]=0 } goto wx
	fi;

	/* munmap (also stands for exit of a one-page process) */
m0:	if :: d_step { mml[MM]==0 -> mml[MM]=255 } fi;
m1:	if :: d_step { ptl[MM]==0 -> ptl[MM]=1 } fi;
m2:	if
	:: d_step { pte[PI]==0 -> ptl[MM]=0 } goto m5
	:: d_step { pte[PI]!=0 -> old=pte[PI]&15; pte[PI]=0; fmap[old-1]--; ptl[MM]=0 }
	fi;
m3:	if :: d_step { FLUSHALL } fi;
m4:	if :: d_step { PUT(old-1); old=0 } fi;
m5:	if :: d_step { mml[MM]=0; vp=0 } goto idle fi;

	/* userfaultfd write-protect, flush inside or after the PTL */
u0:	if :: d_step { mml[MM]!=255 -> mml[MM]++ } fi;
u1:	if :: d_step { ptl[MM]==0 -> ptl[MM]=1 } fi;
u2:	if :: d_step { if :: pte[PI]!=0 -> pte[PI]=(pte[PI]&15)|32 :: else fi } fi;
#if DEFER
u3:	if :: d_step { ptl[MM]=0 } fi;
u4:	if :: d_step { FLUSHALL } fi;
#else
u3:	if :: d_step { FLUSHALL } fi;
u4:	if :: d_step { ptl[MM]=0 } fi;
#endif
	goto wx;
v0:	if :: d_step { mml[MM]!=255 -> mml[MM]++ } fi;
v1:	if :: d_step { ptl[MM]==0 -> ptl[MM]=1 } fi;
v2:	if :: d_step { if :: pte[PI]!=0 -> pte[PI]=pte[PI]&31 :: else fi; ptl[MM]=0 } goto wx fi
}

init {
	atomic {
#if INITC == 0
	i=0;
	do :: i<NV -> fref[i]=2; fmap[i]=2; pte[i]=i+1; pte[NV+i]=i+1; i++ :: else -> break od;
#else
	i=0;
	do :: i<NV -> fref[i]=1; fmap[i]=1; fexcl[i]=(VARIANT==3 -> 1 : 0); pte[i]=(i+1)|16; i++ :: else -> break od;
	fref[0]=2; pipe_=1;
	i=NV; do :: i<2*NV -> tlb[i]=((i%NV)+1)|16; i++ :: else -> break od;
#endif
	i=0; do :: i<NT -> run T(); i++ :: else -> break od; i=0 }
}
