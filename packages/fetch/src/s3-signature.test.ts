import { describe, expect, it } from 'vitest';
import { signed } from './s3-signature.ts';

/** The examples of https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html. */
const EXAMPLE = {
  region: 'us-east-1',
  at: new Date('2013-05-24T00:00:00Z'),
  credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' },
};
const signatureOf = (headers: Record<string, string>) =>
  /Signature=([0-9a-f]{64})$/.exec(headers['authorization'] ?? '')?.[1];

describe('a signature', () => {
  it('is that of the published example of reading an object', () => {
    const url = new URL('https://examplebucket.s3.amazonaws.com/test.txt');
    const headers = signed({ ...EXAMPLE, method: 'GET', url, headers: { range: 'bytes=0-9' }, body: Buffer.alloc(0) });
    expect(signatureOf(headers)).toBe('f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41');
    expect(headers['authorization']).toContain(
      'Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=host;range;x-amz-content-sha256;x-amz-date',
    );
  });

  it('is that of the published example of writing one, whose name has to be encoded', () => {
    const url = new URL('https://examplebucket.s3.amazonaws.com/test$file.text');
    const more = { date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' };
    const headers = signed({
      ...EXAMPLE,
      method: 'PUT',
      url,
      headers: more,
      body: Buffer.from('Welcome to Amazon S3.'),
    });
    expect(signatureOf(headers)).toBe('98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd');
  });

  it('is that of the published example of listing, with its query in order', () => {
    const url = new URL('https://examplebucket.s3.amazonaws.com/?prefix=J&max-keys=2');
    const headers = signed({ ...EXAMPLE, method: 'GET', url, headers: {}, body: Buffer.alloc(0) });
    expect(signatureOf(headers)).toBe('34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7');
  });

  it('has the token of credentials that are lent', () => {
    const url = new URL('https://examplebucket.s3.amazonaws.com/a');
    const credentials = { ...EXAMPLE.credentials, sessionToken: 'lent' };
    const headers = signed({ ...EXAMPLE, credentials, method: 'GET', url, headers: {}, body: Buffer.alloc(0) });
    expect(headers['x-amz-security-token']).toBe('lent');
    expect(headers['authorization']).toContain('x-amz-date;x-amz-security-token,');
  });
});
