/* Gallery: uffd-lost-write. parent = 0, parent/2 = 1, parent/3 = 2; values: 1 "old", 2 "other", 3 "mine". */
#define NT 3
#define NM 1
#define NF 5
#define NO 1
#define UFFD
#define DRAINED 0
#define MMOF(t) 0
#define OPS(t,k) ((t)==0 -> ((k)==1 -> REGISTER : ((k)==3 -> LOAD : ((k)==4 -> DONE : STORE))) \
	: ((k)==1 -> DONE : ((t)==1 -> WPOFF : STORE)))
#define PHASE(t,k) ((t)==0 -> ((k)<2 -> (k) : ((k)<4 -> 2 : 255)) : ((k)==0 -> 2 : 255))
#define VALUE(t,k) ((t)==0 -> ((k)==3 -> 0 : ((k)==0 -> 1 : 3)) : 2)
#define WRITER(v) 0
#define WRONG(o,v) false
#include "kernel.pml"
