/**
 * The gates of qelib1.inc and stdgates.inc that a circuit here does not have, by those that it has,
 * up to a phase of the whole state. The multi-controlled ones follow Barenco et al., Phys. Rev. A
 * 52 (1995).
 */
export const GATE_LIBRARY = `
gate u2(phi, lambda) q { U(pi/2, phi, lambda) q; }
gate u1(lambda) q { p(lambda) q; }
gate u0(gamma) q { }
gate id q { }
gate phase(lambda) q { p(lambda) q; }
gate sdg q { p(-pi/2) q; }
gate tdg q { p(-pi/4) q; }
gate sxdg q { rx(-pi/2) q; }
gate CX a, b { cx a, b; }
gate cu1(lambda) a, b { cp(lambda) a, b; }
gate cphase(lambda) a, b { cp(lambda) a, b; }
gate csx a, b { h b; cp(pi/2) a, b; h b; }
gate cu3(theta, phi, lambda) a, b {
  p((lambda+phi)/2) a; p((lambda-phi)/2) b; cx a, b;
  U(-theta/2, 0, -(phi+lambda)/2) b; cx a, b; U(theta/2, phi, 0) b;
}
gate cu(theta, phi, lambda, gamma) a, b { p(gamma) a; cu3(theta, phi, lambda) a, b; }
gate ccz a, b, c { cp(pi/2) b, c; cx a, b; cp(-pi/2) b, c; cx a, b; cp(pi/2) a, c; }
gate cswap a, b, c { cx c, b; ccx a, b, c; cx c, b; }
gate ccp(lambda) a, b, c {
  cp(lambda/2) b, c; cx a, b; cp(-lambda/2) b, c; cx a, b; cp(lambda/2) a, c;
}
gate cccp(lambda) a, b, c, d {
  cp(lambda/2) c, d; ccx a, b, c; cp(-lambda/2) c, d; ccx a, b, c; ccp(lambda/2) a, b, d;
}
gate ccccp(lambda) a, b, c, d, e {
  cp(lambda/2) d, e; c3x a, b, c, d; cp(-lambda/2) d, e; c3x a, b, c, d; cccp(lambda/2) a, b, c, e;
}
gate c3x a, b, c, d { h d; cccp(pi) a, b, c, d; h d; }
gate c3sqrtx a, b, c, d { h d; cccp(pi/2) a, b, c, d; h d; }
gate c4x a, b, c, d, e { h e; ccccp(pi) a, b, c, d, e; h e; }
gate rccx a, b, c {
  u2(0, pi) c; p(pi/4) c; cx b, c; p(-pi/4) c; cx a, c; p(pi/4) c; cx b, c; p(-pi/4) c; u2(0, pi) c;
}
gate rc3x a, b, c, d {
  u2(0, pi) d; p(pi/4) d; cx c, d; p(-pi/4) d; u2(0, pi) d; cx a, d; p(pi/4) d; cx b, d;
  p(-pi/4) d; cx a, d; p(pi/4) d; cx b, d; p(-pi/4) d; u2(0, pi) d; p(pi/4) d; cx c, d;
  p(-pi/4) d; u2(0, pi) d;
}
`;
