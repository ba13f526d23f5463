/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A kernel for the tests of boot loaders: by Linux's boot protocol (both the 16-bit and the
 * 32-bit entry), it says on the serial port what command line and initrd it was given, and
 * powers QEMU off. It boots in no time, and no loader can tell it from a real one. */
	.code16
	.section .head, "ax"
start:
	.org 0x1f1
	.byte 1				/* setup sectors */
	.word 0
	.long (end - body + 15) / 16
	.word 0, 0, 0
	.word 0xaa55
	jmp setup			/* 0x200 */
	.org 0x202
	.ascii "HdrS"
	.word 0x206			/* protocol */
	.long 0
	.word 0, 0
	.byte 0
	.byte 1				/* loaded high */
	.word 0
	.long 0x100000
	.long 0, 0			/* initrd: address, size */
	.long 0
	.word 0xe000			/* heap's end */
	.word 0
	.long 0				/* command line */
	.long 0x37ffffff		/* initrd at most here */
	.long 0x1000			/* alignment */
	.byte 0, 0
	.word 0
	.long 2047			/* command line at most */
	.org 0x260
setup:	cli
	xorl %esi, %esi
	movw %ds, %si
	shll $4, %esi			/* as in the 32-bit protocol: where the header lies */
	leal gdt - start(%esi), %eax
	movl %eax, gdtr - start + 2
	lgdtl gdtr - start
	movl %cr0, %eax
	orb $1, %al
	movl %eax, %cr0
	movw $16, %ax
	movw %ax, %ds
	movw %ax, %es
	movw %ax, %ss
	ljmpl $8, $0x100000
	.balign 8
/* flat code and data, where the 32-bit protocol has them already */
gdt:	.quad 0, 0x00cf9b000000ffff, 0x00cf93000000ffff
gdtr:	.word 23
	.long 0
	.org 0x400

	.code32
	.section .body, "ax"
body:	call 1f
1:	popl %ebp			/* position-independent */
	subl $(1b - body), %ebp
	cld
	movl $0x90000, %esp
	movb $10, %bl
	call put
	leal hello - body(%ebp), %edi
	call say
	movl 0x228(%esi), %edi
	call say
	leal initrd - body(%ebp), %edi
	call say
	movl 0x218(%esi), %edi
	movl 0x21c(%esi), %ecx
	jecxz 3f
	call say_line
3:	leal bye - body(%ebp), %edi
	call say
	movb $10, %bl
	call put
	movw $0x604, %dx		/* QEMU's PIIX4: power off */
	movw $0x2000, %ax
	outw %ax, %dx
4:	hlt
	jmp 4b

say:	movl $2048, %ecx
say_line:
	movb (%edi), %bl
	cmpb $32, %bl
	jb 7f
	call put
	incl %edi
	loop say_line
7:	ret

put:	movw $0x3fd, %dx
8:	inb %dx, %al
	testb $0x20, %al
	jz 8b
	movb %bl, %al
	movw $0x3f8, %dx
	outb %al, %dx
	ret

hello:	.asciz " PVGRUB-OK cmdline="
initrd:	.asciz " initrd="
bye:	.asciz " end."
end:
